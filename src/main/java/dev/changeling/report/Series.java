package dev.changeling.report;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * One number of a run through its steps, thinned as it grows: of a long run it keeps neighbours together, their mean
 * and their extremes, so that its size has a bound and no spike is lost.
 */
final class Series {
    /** Of {@link #points()}; even, so that a full series merges into whole pairs. */
    static final int MOST_POINTS = 500;

    private List<Point> points = new ArrayList<>();
    private int perPoint = 1;
    private long count;
    private long firstStep;
    private long lastStep;
    private long notFinite;
    private long firstNotFinite;
    private double last;

    /**
     * Values of neighbouring steps.
     *
     * @param firstStep of the values
     * @param lastStep of the values
     * @param count how many they are
     */
    record Point(long firstStep, long lastStep, int count, double mean, double min, double max) {
        private Point and(Point next) {
            int together = count + next.count;
            return new Point(
                    firstStep,
                    next.lastStep,
                    together,
                    mean + (next.mean - mean) * next.count / together,
                    Math.min(min, next.min),
                    Math.max(max, next.max));
        }
    }

    /** @param value NaN or infinite if it was not finite */
    void add(long step, double value) {
        firstStep = count == 0 ? step : firstStep;
        count++;
        lastStep = step;
        if (!Double.isFinite(value)) {
            firstNotFinite = notFinite == 0 ? step : firstNotFinite;
            notFinite++;
            return;
        }
        last = value;
        Point added = new Point(step, step, 1, value, value, value);
        int newest = points.size() - 1;
        if (newest >= 0 && points.get(newest).count < perPoint) {
            points.set(newest, points.get(newest).and(added));
            return;
        }
        if (points.size() == MOST_POINTS) {
            mergePairs();
        }
        points.add(added);
    }

    private void mergePairs() {
        List<Point> merged = new ArrayList<>(MOST_POINTS);
        for (int i = 0; i < points.size(); i += 2) {
            merged.add(points.get(i).and(points.get(i + 1)));
        }
        points = merged;
        perPoint *= 2;
    }

    /** Returns the finite values, at most {@link #MOST_POINTS} points of one or more. */
    List<Point> points() {
        return List.copyOf(points);
    }

    /** Returns how many values there were, finite or not. */
    long count() {
        return count;
    }

    long firstStep() {
        return firstStep;
    }

    long lastStep() {
        return lastStep;
    }

    /** Returns how many values were not finite. */
    long notFinite() {
        return notFinite;
    }

    /** Returns the first step whose value was not finite; 0 if there is none. */
    long firstNotFinite() {
        return firstNotFinite;
    }

    /** Returns the first finite value, or the mean of the first few of a long series. */
    OptionalDouble first() {
        return points.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(points.get(0).mean);
    }

    /** Returns the last finite value. */
    OptionalDouble last() {
        return points.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(last);
    }

    /** Returns the mean of the finite values of the steps after one, up to another; of none, nothing. */
    OptionalDouble mean(long after, long upTo) {
        double sum = 0;
        long counted = 0;
        for (Point point : points) {
            if (point.lastStep > after && point.lastStep <= upTo) {
                sum += point.mean * point.count;
                counted += point.count;
            }
        }
        return counted == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / counted);
    }
}
