package dev.changeling.shard;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How documents become rows. */
public enum ExampleFormat {
    /** Pieces of documents, several packed into a row, hardly any padding. */
    @JsonProperty("packed")
    PACKED,
    /** One sequence a row, mostly of two segments, as google-research/electra builds its examples. */
    @JsonProperty("segments")
    SEGMENTS
}
