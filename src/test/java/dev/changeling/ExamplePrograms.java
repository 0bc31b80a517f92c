package dev.changeling;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import javax.tools.ToolProvider;

/** Runs the programs under {@code examples/} that stand alone. */
public final class ExamplePrograms {
    private ExamplePrograms() {}

    /**
     * Compiles a program and runs it.
     *
     * @param folder for its classes
     */
    public static void run(String name, Path folder, Path... arguments)
            throws IOException, ReflectiveOperationException {
        Path classes = Files.createDirectory(folder.resolve("classes"));
        int failed = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-d", classes.toString(), "examples/" + name + ".java");
        assertThat(failed).isZero();
        String[] texts = new String[arguments.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = arguments[i].toString();
        }
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
            loader.loadClass(name).getMethod("main", String[].class).invoke(null, (Object) texts);
        }
    }

    /** Returns the jar on the class path that holds a file. */
    public static Path jarOf(String resource) {
        URL url = Objects.requireNonNull(ExamplePrograms.class.getResource(resource), resource);
        String place = url.getPath();
        return Path.of(URI.create(place.substring(0, place.indexOf("!"))));
    }
}
