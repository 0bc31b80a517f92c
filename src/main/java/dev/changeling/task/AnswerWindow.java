package dev.changeling.task;

import dev.changeling.batch.Sequence;
import dev.changeling.batch.SequenceBuilder;
import dev.changeling.tokenizer.Encoding;
import dev.changeling.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A question and a stretch of the text that may answer it, as a sequence: {@code [CLS] question [SEP] stretch [SEP]}.
 * Stretches of a long text overlap by half (google's {@code doc_stride}, finetune/qa/qa_tasks.py).
 *
 * @param sequence the tokens
 * @param firstToken where the stretch begins in the sequence
 * @param starts for each token of the stretch, where it begins in the text, in UTF-16 units
 * @param ends for each token of the stretch, where it ends in the text
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier between two stages, never compared
public record AnswerWindow(Sequence sequence, int firstToken, int[] starts, int[] ends) {
    /** As in google's configuration (max_query_length, configure_finetuning.py). */
    private static final int LONGEST_QUESTION = 64;

    /** The two ends of an answer as places in a sequence, both included; both 0, the place of [CLS], for none. */
    public record Span(int first, int last) {
        /** No answer stands here. */
        public static final Span NONE = new Span(0, 0);
    }

    /** Cuts a text into windows, each with the question before it. */
    public static List<AnswerWindow> of(
            String question, String context, Tokenizer tokenizer, SequenceBuilder sequences) {
        int[] asked = tokenizer.ids(question);
        // Of a short network, the text has at least half.
        int longest = Math.min(LONGEST_QUESTION, (sequences.maximumLength() - 3) / 2);
        int[] ids = asked.length > longest ? Arrays.copyOf(asked, longest) : asked;
        Encoding text = tokenizer.encode(context);
        int room = sequences.maximumLength() - 3 - ids.length;
        int stride = Math.max(1, room / 2);
        List<AnswerWindow> windows = new ArrayList<>();
        int from = 0;
        while (true) {
            int to = Math.min(text.ids().length, from + room);
            windows.add(new AnswerWindow(
                    sequences.of(ids, Arrays.copyOfRange(text.ids(), from, to)),
                    ids.length + 2,
                    Arrays.copyOfRange(text.starts(), from, to),
                    Arrays.copyOfRange(text.ends(), from, to)));
            if (to == text.ids().length) {
                return windows;
            }
            from += stride;
        }
    }

    /** Returns where an answer stands in the sequence, or {@link Span#NONE} if not all of it is in this window. */
    public Span span(Answer answer) {
        int end = answer.start() + answer.text().length();
        int first = -1;
        int last = -1;
        for (int token = 0; token < starts.length; token++) {
            if (ends[token] > answer.start() && first < 0) {
                first = token;
            }
            if (starts[token] < end) {
                last = token;
            }
        }
        // A blank at an end of the answer has no token, which cuts nothing where the next one is in this window.
        boolean begins = first > 0 || (first == 0 && starts[0] <= answer.start());
        boolean isWhole = begins && last >= first && (last + 1 < ends.length || ends[last] >= end);
        return isWhole ? new Span(firstToken + first, firstToken + last) : Span.NONE;
    }
}
