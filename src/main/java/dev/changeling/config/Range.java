package dev.changeling.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The values that a number may have. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Range {
    /** The lowest value. */
    double min() default Double.NEGATIVE_INFINITY;

    /** The highest value. */
    double max() default Double.POSITIVE_INFINITY;

    /** A bound that the value stays above. */
    double above() default Double.NEGATIVE_INFINITY;

    /** A bound that the value stays below. */
    double below() default Double.POSITIVE_INFINITY;
}
