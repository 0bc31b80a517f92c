package dev.changeling.tokenizer;

import dev.changeling.random.RandomStream;

/** Random text of everything that trips a tokenizer up. */
final class HostileText {
    /** First code point and number of code points of each kind. */
    private static final int[][] KINDS = {
        {'a', 26},
        {'A', 26},
        {' ', 1},
        {0, 128},
        {0x80, 0x80},
        {0xC0, 0x180}, // letters, controls, accented letters
        {0x300, 0x70},
        {0x300, 0x70},
        {0x340, 5},
        {0x483, 7},
        {0x591, 0x2D},
        {0x64B, 0x15}, // combining marks
        {0x370, 0x90},
        {0x410, 0x40},
        {0x5D0, 0x1B},
        {0x620, 0x2B},
        {0x900, 0x80},
        {0xE00, 0x5C},
        {0xF40, 0x80},
        {0x1E00, 0x100},
        {0x1F00, 0x100},
        {0x2000, 0x70},
        {0x202A, 5},
        {0x200B, 5},
        {0x2028, 2},
        {0x20D0, 0x21},
        {0x302A, 6},
        {0x3040, 0xC0},
        {0x4E00, 0x100},
        {0xAC00, 0x2BA4},
        {0xF900, 0x100},
        {0xFB1D, 0x30},
        {0xFE00, 0x10},
        {0xFF00, 0xF0},
        {0xFFF9, 7},
        {0xD800, 0x800},
        {0x1D15E, 0x60},
        {0x11930, 0x20},
        {0x1F468, 3},
        {0x1F3FB, 5},
        {0x200D, 1},
        {0xFE0F, 1},
        {0x1F1E6, 26},
        {0x20000, 0x100},
        {0x2F800, 0x21E},
        {0xE0100, 0x20},
        {1, 0x10FFFF}
    };

    private HostileText() {}

    static String next(RandomStream random) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(200);
        int[] kind = KINDS[0];
        for (int i = 0; i < length; i++) {
            if (random.nextInt(3) == 0) {
                kind = KINDS[random.nextInt(KINDS.length)];
            }
            int codePoint = kind[0] + random.nextInt(kind[1]);
            int repeats = random.nextInt(60) == 0 ? random.nextInt(150) : 1;
            for (int repeat = 0; repeat < repeats; repeat++) {
                text.appendCodePoint(codePoint);
            }
        }
        return text.toString();
    }
}
