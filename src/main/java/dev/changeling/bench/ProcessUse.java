package dev.changeling.bench;

import java.lang.management.ManagementFactory;

/**
 * What this process has used since it began.
 *
 * @param heapBytes what the threads that are alive have asked Java's heap for, given back or not
 * @param cpuNanos processor time of all threads, the engine's included
 */
record ProcessUse(long heapBytes, long cpuNanos) {

    /** Returns the use until now. */
    static ProcessUse now() {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long heap = 0;
        for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
            heap += Math.max(0, bytes); // −1 for a thread that has just ended
        }
        return new ProcessUse(heap, system.getProcessCpuTime());
    }
}
