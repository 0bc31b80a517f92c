package dev.changeling.pickle;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The stack machine that a pickle is a program for (PEP 307, PEP 3154), with those of its operations that
 * {@code torch.save} uses for tensors. A pickle may name any function of any module and have it called; here the names
 * are looked up in {@link TorchGlobals}, which knows a handful, and nothing is ever called.
 *
 * <p>Values are {@link String}, {@link Long}, {@link BigInteger}, {@link Double}, {@link Boolean}, {@link #NONE},
 * {@link Tuple}, {@link List}, {@link Map}, {@link TorchGlobals.Global}, {@link PickledTensor} and its storage.
 */
final class Unpickler {
    /** Python's {@code None}. */
    static final Object NONE = new Object() {
        @Override
        public String toString() {
            return "None";
        }
    };

    private static final int NEWEST_PROTOCOL = 5;

    /** A tuple, which unlike a list does not change. */
    record Tuple(List<Object> items) {
        Tuple {
            items = List.copyOf(items);
        }
    }

    private final PickleBytes bytes;
    private final Map<Long, Object> memo = new HashMap<>();
    private final Deque<List<Object>> marked = new ArrayDeque<>();
    private List<Object> stack = new ArrayList<>();

    Unpickler(PickleBytes bytes) {
        this.bytes = bytes;
    }

    /**
     * Runs one pickle to its end.
     *
     * @return what it describes
     * @throws PickleException if it is damaged, or holds anything but what tensors need
     */
    Object run() {
        while (true) {
            int start = bytes.position();
            int operation = bytes.unsignedByte();
            try {
                if (operation == '.') { // STOP
                    return pop();
                }
                execute(operation);
            } catch (ClassCastException | ArithmeticException e) {
                throw new PickleException("byte " + start + ": operation " + name(operation) + " on a value of"
                        + " another kind than it takes");
            }
        }
    }

    private void execute(int operation) {
        switch (operation) {
            case 0x80 -> requireProtocol(bytes.unsignedByte()); // PROTO
            case 0x95 -> bytes.signedLong(); // FRAME: how the bytes are grouped, nothing to do
            case 'N' -> push(NONE);
            case 0x88 -> push(true); // NEWTRUE
            case 0x89 -> push(false); // NEWFALSE
            case 'J' -> push((long) bytes.signedInt()); // BININT
            case 'K' -> push((long) bytes.unsignedByte()); // BININT1
            case 'M' -> push((long) bytes.unsignedShort()); // BININT2
            case 0x8a -> push(small(bytes.integer(bytes.unsignedByte()))); // LONG1
            case 'G' -> push(bytes.bigEndianDouble()); // BINFLOAT
            case 'X' -> push(bytes.text(bytes.unsignedInt())); // BINUNICODE
            case 0x8c -> push(bytes.text(bytes.unsignedByte())); // SHORT_BINUNICODE
            case 'U' -> push(bytes.text(bytes.unsignedByte())); // SHORT_BINSTRING
            case ')' -> push(new Tuple(List.of())); // EMPTY_TUPLE
            case 0x85 -> push(tuple(1)); // TUPLE1
            case 0x86 -> push(tuple(2)); // TUPLE2
            case 0x87 -> push(tuple(3)); // TUPLE3
            case 't' -> push(new Tuple(popMark())); // TUPLE
            case ']' -> push(new ArrayList<>()); // EMPTY_LIST
            case 'a' -> append(List.of(pop())); // APPEND
            case 'e' -> append(popMark()); // APPENDS
            case '}' -> push(new LinkedHashMap<>()); // EMPTY_DICT
            case 's' -> setItems(tuple(2).items()); // SETITEM
            case 'u' -> setItems(popMark()); // SETITEMS
            case '(' -> mark();
            case 'q' -> memo.put((long) bytes.unsignedByte(), top()); // BINPUT
            case 'r' -> memo.put(bytes.unsignedInt(), top()); // LONG_BINPUT
            case 0x94 -> memo.put((long) memo.size(), top()); // MEMOIZE
            case 'h' -> push(remembered(bytes.unsignedByte())); // BINGET
            case 'j' -> push(remembered(bytes.unsignedInt())); // LONG_BINGET
            case 'c' -> push(global(bytes.line(), bytes.line())); // GLOBAL
            case 0x93 -> stackGlobal();
            case 'Q' -> push(TorchGlobals.storage((Tuple) pop())); // BINPERSID
            case 'R' -> reduce();
            case 'b' -> build();
            default ->
                throw new PickleException("byte " + (bytes.position() - 1) + ": operation " + name(operation)
                        + " is not one that tensors need");
        }
    }

    private void requireProtocol(int protocol) {
        if (protocol > NEWEST_PROTOCOL) {
            throw new PickleException("pickle protocol " + protocol + ", expected at most " + NEWEST_PROTOCOL);
        }
    }

    private static Object small(BigInteger value) {
        return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
    }

    private void append(List<Object> items) {
        list(top()).addAll(items);
    }

    private void setItems(List<Object> keysAndValues) {
        Map<Object, Object> dictionary = dictionary(top());
        if (keysAndValues.size() % 2 != 0) {
            throw new PickleException("byte " + bytes.position() + ": a key without a value");
        }
        for (int i = 0; i < keysAndValues.size(); i += 2) {
            // Only text and numbers, whose hash is cheap whatever the pickle does with them.
            Object key = keysAndValues.get(i);
            if (!(key instanceof String || key instanceof Long)) {
                throw new PickleException("byte " + bytes.position() + ": a key that is neither text nor a number");
            }
            dictionary.put(key, keysAndValues.get(i + 1));
        }
    }

    private TorchGlobals.Global global(String module, String name) {
        return TorchGlobals.find(module, name, bytes.position());
    }

    private void stackGlobal() {
        String name = (String) pop();
        String module = (String) pop();
        push(global(module, name));
    }

    private void reduce() {
        Tuple arguments = (Tuple) pop();
        TorchGlobals.Global function = (TorchGlobals.Global) pop();
        push(TorchGlobals.result(function, arguments.items(), bytes.position()));
    }

    /** A state_dict carries versions of its modules in an attribute, which nothing here needs. */
    private void build() {
        pop();
        dictionary(top());
    }

    private void mark() {
        marked.push(stack);
        stack = new ArrayList<>();
    }

    private List<Object> popMark() {
        if (marked.isEmpty()) {
            throw new PickleException("byte " + bytes.position() + ": no mark to go back to");
        }
        List<Object> items = stack;
        stack = marked.pop();
        return items;
    }

    private Tuple tuple(int length) {
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            items.add(0, pop());
        }
        return new Tuple(items);
    }

    private Object remembered(long index) {
        @Nullable Object value = memo.get(index);
        if (value == null) {
            throw new PickleException("byte " + bytes.position() + ": nothing was kept under " + index);
        }
        return value;
    }

    private void push(Object value) {
        stack.add(value);
    }

    private Object top() {
        requireValue();
        return stack.get(stack.size() - 1);
    }

    private Object pop() {
        requireValue();
        return stack.remove(stack.size() - 1);
    }

    private void requireValue() {
        if (stack.isEmpty()) {
            throw new PickleException("byte " + bytes.position() + ": the stack is empty");
        }
    }

    @SuppressWarnings("unchecked") // lists are made here, of objects
    private static List<Object> list(Object value) {
        return (ArrayList<Object>) value;
    }

    @SuppressWarnings("unchecked") // dictionaries are made here, of objects
    private static Map<Object, Object> dictionary(Object value) {
        return (LinkedHashMap<Object, Object>) value;
    }

    private static String name(int operation) {
        return operation > ' ' && operation < 0x7f
                ? "'" + (char) operation + "'"
                : "0x" + Integer.toHexString(operation);
    }
}
