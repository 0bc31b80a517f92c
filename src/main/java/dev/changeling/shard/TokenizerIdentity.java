package dev.changeling.shard;

import dev.changeling.tokenizer.SpecialTokens;

/**
 * What the shards must know of the tokenizer that made them.
 *
 * @param sha256 its fingerprint, in hexadecimal
 * @param vocabularySize every token id is below it
 * @param special ids of the special tokens
 */
record TokenizerIdentity(String sha256, int vocabularySize, SpecialTokens special) {}
