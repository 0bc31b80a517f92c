package dev.changeling.finetuning;

/**
 * What a model card says of every network for a kind of task.
 *
 * @param library that opens it, by its name on the hub
 * @param pipeline that it is for, by its name on the hub
 * @param says what it does, a sentence
 * @param python a program that uses it, run in its folder
 * @param verb the verb of the command line that uses it, with its options but not the text
 */
record CardWords(String library, String pipeline, String says, String python, String verb) {
    /** Returns the words for a network that a pipeline of transformers runs. */
    static CardWords ofPipeline(String pipeline, String says) {
        return new CardWords("transformers", pipeline, says, """
                from transformers import pipeline

                print(pipeline("TASK", ".")("your own text"))
                """.replace("TASK", pipeline), "predict --model .");
    }
}
