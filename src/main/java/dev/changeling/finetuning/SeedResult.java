package dev.changeling.finetuning;

import java.util.List;

/**
 * What one training gave.
 *
 * @param seed of its random numbers
 * @param epoch whose weights were taken, from 1
 * @param scores of these weights
 * @param losses the mean loss of each epoch
 */
public record SeedResult(long seed, int epoch, TaskScores scores, List<Double> losses) {
    public SeedResult {
        losses = List.copyOf(losses);
    }
}
