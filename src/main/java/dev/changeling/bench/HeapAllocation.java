package dev.changeling.bench;

import java.lang.management.ManagementFactory;

/** What Java asked its heap for. */
final class HeapAllocation {
    private HeapAllocation() {}

    /** Returns how many bytes the threads that are alive have allocated since they began, freed or not. */
    static long bytes() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
            sum += Math.max(0, bytes); // −1 for a thread that has just ended
        }
        return sum;
    }
}
