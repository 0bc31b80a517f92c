package dev.changeling.tokenizer;

/**
 * A text as token ids, without [CLS] and [SEP].
 *
 * @param ids token ids
 * @param starts for each token, the index of its first UTF-16 unit in the original text
 * @param ends for each token, the index after its last UTF-16 unit in the original text
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier between two stages, never compared
public record Encoding(int[] ids, int[] starts, int[] ends) {}
