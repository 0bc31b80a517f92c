package dev.changeling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script {@code ./changeling}, in a project of its own with a Java and a Maven that only say what they were told.
 */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    private static final String JAVA = """
            #!/usr/bin/env bash
            printf 'argument: %s\\n' "$@"
            printf 'folder: %s\\n' "$PWD"
            env | grep -E '^(OMP|OPENBLAS|GLIBC|JAVA_HOME|LC_ALL)'
            for argument in "$@"; do
                case $argument in
                    exit=*) exit "${argument#exit=}" ;;
                    wait) trap 'exit 143' TERM; touch waiting; while :; do sleep 0.02; done ;;
                esac
            done
            exit 0
            """;
    private static final String MAVEN = """
            #!/usr/bin/env bash
            echo "mvn $*" >>mvn.log
            if [ -e broken ]; then echo 'the compiler is unhappy'; exit 1; fi
            sleep 0.3
            echo jar >target/changeling.jar
            """;
    /** All that the script may call, besides Java and Maven. */
    private static final List<String> TOOLS = List.of(
            "awk",
            "bash",
            "cat",
            "dirname",
            "env",
            "find",
            "grep",
            "head",
            "ln",
            "mkdir",
            "mv",
            "nproc",
            "readlink",
            "rm",
            "sed",
            "sleep",
            "touch",
            "uname");

    @TempDir
    private Path temporary;

    private final Map<String, String> environment = new TreeMap<>();
    private Path project = Path.of("");
    private Path tools = Path.of("");

    private record Ended(int code, String out, String err) {}

    @BeforeEach
    void makeAProject() throws IOException {
        Path folder = temporary.toRealPath();
        project = Files.createDirectories(folder.resolve("a project"));
        Files.createDirectories(project.resolve("src/main/java"));
        Files.writeString(project.resolve("src/main/java/Code.java"), "class Code {}");
        Files.writeString(project.resolve("pom.xml"), "<project/>");
        Files.copy(Path.of("changeling"), project.resolve("changeling"), StandardCopyOption.COPY_ATTRIBUTES);
        tools = Files.createDirectories(folder.resolve("tools"));
        for (String tool : TOOLS) {
            for (Path original : List.of(Path.of("/bin", tool), Path.of("/usr/bin", tool))) {
                if (Files.exists(original)) {
                    script(tools.resolve(tool), "#!/bin/sh\nexec " + original + " \"$@\"\n");
                }
            }
        }
        script(tools.resolve("mvn"), MAVEN);
        environment.put("PATH", tools.toString());
        environment.put("JAVA_HOME", jdk("jdk-17", "17.0.2").toString());
    }

    @Test
    void buildsOnceAndAgainWhenASourceIsNewer() throws Exception {
        assertThat(run("first").err()).contains("building");
        assertThat(run("second").err()).isEmpty();
        assertThat(builds()).hasSize(1);

        Files.setLastModifiedTime(
                project.resolve("src/main/java/Code.java"),
                FileTime.from(Instant.now().plusSeconds(5)));

        assertThat(run("third").err()).contains("building");
        assertThat(builds()).hasSize(2);
    }

    @Test
    void letsOnlyOneOfTwoFirstStartsBuild() throws Exception {
        Process one = start(project.resolve("changeling"), project, "one");
        Process two = start(project.resolve("changeling"), project, "two");

        assertThat(List.of(end(one).code(), end(two).code())).containsOnly(0);
        assertThat(builds()).hasSize(1);
    }

    @Test
    void takesOverTheLockOfAKilledBuild() throws Exception {
        Files.createDirectories(project.resolve("target"));
        long dead = start(Path.of("/bin/sh"), project, "-c", ":").onExit().get().pid();
        Files.createSymbolicLink(project.resolve("target/launcher-building"), Path.of(String.valueOf(dead)));

        assertThat(run("verb").code()).isZero();
        assertThat(builds()).hasSize(1);
    }

    @Test
    void showsTheLogOfAFailedBuild() throws Exception {
        Files.writeString(project.resolve("broken"), "");

        Ended ended = run("verb");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).contains("the compiler is unhappy", "changeling: the build failed");
        assertThat(ended.out()).isEmpty();
    }

    @Test
    void saysThatMavenIsMissing() throws Exception {
        Files.delete(tools.resolve("mvn"));

        Ended ended = run("verb");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).contains("install Maven 3.8 or newer").hasLineCount(1);
    }

    @Test
    void worksThroughLinksAndFromAnyFolderWithArgumentsAsTheyAre() throws Exception {
        Path elsewhere = Files.createDirectories(project.resolveSibling("else where"));
        Path far = Files.createSymbolicLink(elsewhere.resolve("far"), project.resolve("changeling"));
        Path near = Files.createSymbolicLink(elsewhere.resolve("near"), Path.of("far"));
        assertThat(far).exists();

        Ended ended = end(start(near, elsewhere, "detect", "two words", "", "*"));

        assertThat(ended.code()).isZero();
        assertThat(ended.out())
                .contains("argument: -jar\nargument: " + project.resolve("target/changeling.jar")
                        + "\nargument: detect\nargument: two words\nargument: \nargument: *\n")
                .contains("folder: " + elsewhere + "\n");
    }

    @Test
    void passesTheExitCodeOn() throws Exception {
        assertThat(run("exit=3").code()).isEqualTo(3);
        assertThat(run("exit=130").code()).isEqualTo(130);
    }

    @Test
    void passesSignalsOn() throws Exception {
        run("build");
        Process process = start(project.resolve("changeling"), project, "wait");
        while (!Files.exists(project.resolve("waiting"))) {
            assertThat(process.isAlive()).isTrue();
            Thread.sleep(10);
        }

        process.toHandle().destroy();

        assertThat(end(process).code()).isEqualTo(143);
    }

    @Test
    void setsTheEnginesEnvironment() throws Exception {
        assertThat(run("verb").out())
                .contains("OMP_WAIT_POLICY=PASSIVE\n")
                .containsPattern("OMP_NUM_THREADS=[1-9]")
                .containsPattern("OPENBLAS_NUM_THREADS=[1-9]")
                .contains("GLIBC_TUNABLES=glibc.malloc.");
    }

    @Test
    void leavesWhatTheUserHasSet() throws Exception {
        environment.put("OMP_WAIT_POLICY", "ACTIVE");
        environment.put("OMP_NUM_THREADS", "7");
        environment.put("GLIBC_TUNABLES", "glibc.malloc.arena_max=1");
        environment.put("LC_ALL", "de_DE.UTF-8");
        environment.put("CHANGELING_JAVA_OPTS", "-Xmx9g -Dx=y");

        assertThat(run("verb").out())
                .contains("OMP_WAIT_POLICY=ACTIVE\n", "OMP_NUM_THREADS=7\n", "OPENBLAS_NUM_THREADS=7\n")
                .contains("GLIBC_TUNABLES=glibc.malloc.arena_max=1\n", "LC_ALL=de_DE.UTF-8\n")
                .contains("argument: -Xmx9g\nargument: -Dx=y\nargument: -jar\n");
    }

    @Test
    void givesOpenBlasOneThreadWhereCoresAreFew() throws Exception {
        environment.put("OMP_NUM_THREADS", "2");
        assertThat(run("verb").out()).contains("OPENBLAS_NUM_THREADS=1\n");

        environment.put("OPENBLAS_NUM_THREADS", "2");
        assertThat(run("verb").out()).contains("OPENBLAS_NUM_THREADS=2\n");
    }

    @Test
    void passesOverAJdkThatIsTooOld() throws Exception {
        Path newer = jdk("jdk-21", "21");
        environment.put("JAVA_HOME", jdk("jdk-11", "11.0.20").toString());
        Files.createSymbolicLink(tools.resolve("java"), newer.resolve("bin/java"));

        assertThat(run("verb").out()).contains("JAVA_HOME=" + newer + "\n");
    }

    private Path jdk(String name, String version) throws IOException {
        Path home = Files.createDirectories(tools.resolveSibling(name));
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"test\"\nJAVA_VERSION=\"" + version + "\"\n");
        script(home.resolve("bin/java"), JAVA);
        script(home.resolve("bin/javac"), JAVA);
        return home;
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private List<String> builds() throws IOException {
        return Files.readAllLines(project.resolve("mvn.log"));
    }

    private Ended run(String... arguments) throws Exception {
        return end(start(project.resolve("changeling"), project, arguments));
    }

    private Process start(Path program, Path folder, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** Waits for a process whose output is small enough for the pipes to hold. */
    private static Ended end(Process process) throws Exception {
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Ended(
                process.exitValue(),
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8),
                new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
    }
}
