package dev.changeling.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IVersionProvider;

/** What is running: this program, the engine and Java. Starts no engine. */
final class Versions implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {
            "changeling " + program(),
            "engine     " + engine(),
            "java       " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")"
        };
    }

    /** Returns the version in the jar's manifest; classes that run from a folder have none. */
    static String program() {
        return orDevelopment(Versions.class.getPackage().getImplementationVersion());
    }

    /** Returns the engine's name and version as its Maven artifact gives them. */
    static String engine() {
        Properties artifact = new Properties();
        try (InputStream bytes =
                Versions.class.getResourceAsStream("/META-INF/maven/org.bytedeco/pytorch/pom.properties")) {
            if (bytes != null) {
                artifact.load(bytes);
            }
        } catch (IOException e) {
            return "libtorch (version unreadable: " + e.getMessage() + ")";
        }
        return "libtorch " + artifact.getProperty("version", "(not on the class path)");
    }

    private static String orDevelopment(@Nullable String version) {
        return version == null ? "(development)" : version;
    }
}
