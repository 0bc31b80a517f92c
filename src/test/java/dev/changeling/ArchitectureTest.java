package dev.changeling;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The rules that the packages keep. Each holds for the program, and each is broken by the classes under
 * {@code dev.changeling.offender}, so that a rule that can't fail is noticed.
 */
class ArchitectureTest {
    private static final String PROGRAM = "dev.changeling";
    private static final String OFFENDER = "dev.changeling.offender";

    private static final JavaClasses PROGRAM_CLASSES = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/"))
            .importPackages(PROGRAM);
    private static final JavaClasses OFFENDER_CLASSES = new ClassFileImporter().importPackages(OFFENDER);

    /** What each package may use of the others. The command line, not listed, may use them all. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("error", Set.of()),
            Map.entry("random", Set.of()),
            Map.entry("disk", Set.of("error")),
            Map.entry("config", Set.of("error")),
            Map.entry("corpus", Set.of("error")),
            Map.entry("safetensors", Set.of("error")),
            Map.entry("pickle", Set.of("error", "safetensors")),
            Map.entry("tokenizer", Set.of("error", "disk", "corpus")),
            Map.entry("shard", Set.of("error", "disk", "random", "corpus", "tokenizer")),
            Map.entry("batch", Set.of("error", "random", "shard", "tokenizer")),
            Map.entry("tensor", Set.of("error", "config", "random")),
            Map.entry("model", Set.of("error", "config", "random", "tensor", "batch")),
            Map.entry("profile", Set.of("error", "tensor")),
            Map.entry(
                    "objective",
                    Set.of("error", "config", "random", "tensor", "profile", "model", "batch", "tokenizer")),
            Map.entry("dynamics", Set.of("tensor", "model")),
            Map.entry("checkpoint", Set.of("error", "disk", "config", "safetensors")),
            Map.entry("metrics", Set.of("error", "config")),
            Map.entry(
                    "hub",
                    Set.of(
                            "error",
                            "batch",
                            "disk",
                            "config",
                            "random",
                            "tensor",
                            "model",
                            "tokenizer",
                            "safetensors",
                            "pickle")),
            Map.entry(
                    "evaluation",
                    Set.of(
                            "error",
                            "config",
                            "random",
                            "tensor",
                            "model",
                            "objective",
                            "batch",
                            "shard",
                            "tokenizer",
                            "task")),
            Map.entry(
                    "training",
                    Set.of(
                            "error",
                            "config",
                            "random",
                            "tensor",
                            "profile",
                            "model",
                            "objective",
                            "batch",
                            "tokenizer",
                            "safetensors",
                            "checkpoint",
                            "metrics",
                            "dynamics",
                            "evaluation")),
            Map.entry(
                    "pretraining",
                    Set.of(
                            "error",
                            "disk",
                            "config",
                            "tensor",
                            "model",
                            "objective",
                            "batch",
                            "shard",
                            "tokenizer",
                            "safetensors",
                            "checkpoint",
                            "metrics",
                            "dynamics",
                            "evaluation",
                            "training",
                            "hub")),
            Map.entry(
                    "bench",
                    Set.of(
                            "error",
                            "config",
                            "corpus",
                            "tokenizer",
                            "shard",
                            "batch",
                            "tensor",
                            "profile",
                            "model",
                            "objective",
                            "metrics",
                            "evaluation",
                            "training",
                            "pretraining",
                            "hub",
                            "inference",
                            "onnx")),
            Map.entry("onnx", Set.of("error", "config", "hub", "safetensors", "tokenizer", "evaluation")),
            Map.entry(
                    "inference",
                    Set.of(
                            "error",
                            "config",
                            "random",
                            "tensor",
                            "model",
                            "batch",
                            "tokenizer",
                            "safetensors",
                            "hub",
                            "task")),
            Map.entry("task", Set.of("error", "corpus", "tokenizer", "batch")),
            Map.entry(
                    "finetuning",
                    Set.of(
                            "error",
                            "disk",
                            "config",
                            "random",
                            "tensor",
                            "profile",
                            "model",
                            "batch",
                            "tokenizer",
                            "safetensors",
                            "hub",
                            "checkpoint",
                            "metrics",
                            "evaluation",
                            "training",
                            "inference",
                            "task")),
            Map.entry(
                    "study",
                    Set.of(
                            "error",
                            "disk",
                            "config",
                            "shard",
                            "batch",
                            "checkpoint",
                            "evaluation",
                            "training",
                            "pretraining",
                            "report",
                            "bench")),
            Map.entry("page", Set.of()),
            Map.entry("server", Set.of("error", "page")),
            Map.entry("report", Set.of("error", "config", "checkpoint", "page")));

    private static final String[] ENGINE_USERS = {
        "tensor",
        "model",
        "objective",
        "dynamics",
        "training",
        "evaluation",
        "pretraining",
        "hub",
        "inference",
        "finetuning"
    };

    /** The one exception: which folders this process has locked is a fact of the process, as the locks are. */
    private static final String STATE_OF_THE_PROCESS = PROGRAM + ".disk.FolderLock.HELD";

    /** Methods that take their charset, locale or time zone from the machine that runs them. */
    private static final Set<String> DEPENDENT_ON_THE_MACHINE = Set.of(
            "java.io.ByteArrayOutputStream.toString()",
            "java.io.FileReader.<init>(java.io.File)",
            "java.io.FileReader.<init>(java.lang.String)",
            "java.io.FileWriter.<init>(java.io.File)",
            "java.io.FileWriter.<init>(java.io.File, boolean)",
            "java.io.FileWriter.<init>(java.lang.String)",
            "java.io.FileWriter.<init>(java.lang.String, boolean)",
            "java.io.InputStreamReader.<init>(java.io.InputStream)",
            "java.io.OutputStreamWriter.<init>(java.io.OutputStream)",
            "java.io.PrintStream.<init>(java.io.OutputStream)",
            "java.io.PrintStream.<init>(java.io.OutputStream, boolean)",
            "java.io.PrintStream.<init>(java.lang.String)",
            "java.io.PrintStream.format(java.lang.String, [Ljava.lang.Object;)",
            "java.io.PrintStream.printf(java.lang.String, [Ljava.lang.Object;)",
            "java.io.PrintWriter.<init>(java.io.OutputStream)",
            "java.io.PrintWriter.<init>(java.io.OutputStream, boolean)",
            "java.io.PrintWriter.<init>(java.lang.String)",
            "java.io.PrintWriter.format(java.lang.String, [Ljava.lang.Object;)",
            "java.io.PrintWriter.printf(java.lang.String, [Ljava.lang.Object;)",
            "java.lang.String.<init>([B)",
            "java.lang.String.<init>([B, int, int)",
            "java.lang.String.format(java.lang.String, [Ljava.lang.Object;)",
            "java.lang.String.formatted([Ljava.lang.Object;)",
            "java.lang.String.getBytes()",
            "java.lang.String.toLowerCase()",
            "java.lang.String.toUpperCase()",
            "java.nio.charset.Charset.defaultCharset()",
            "java.text.NumberFormat.getInstance()",
            "java.time.LocalDate.now()",
            "java.time.LocalDateTime.now()",
            "java.time.ZoneId.systemDefault()",
            "java.util.Formatter.<init>()",
            "java.util.Locale.getDefault()",
            "java.util.Scanner.<init>(java.io.InputStream)",
            "java.util.TimeZone.getDefault()");

    @ParameterizedTest(name = "{0}")
    @MethodSource("programRules")
    void theProgramKeeps(String name, ArchRule rule) {
        rule.check(PROGRAM_CLASSES);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("offenderRules")
    void theOffenderBreaks(String name, ArchRule rule) {
        assertThat(rule.evaluate(OFFENDER_CLASSES).hasViolation()).as(name).isTrue();
    }

    static Stream<Arguments> programRules() {
        return rules(PROGRAM);
    }

    static Stream<Arguments> offenderRules() {
        return rules(OFFENDER);
    }

    private static Stream<Arguments> rules(String root) {
        return Stream.of(
                arguments("packages use only what they may", classes().should(useOnlyWhatTheyMay(root))),
                arguments(
                        "packages are free of cycles",
                        slices().matching(root + ".(*)..").should().beFreeOfCycles()),
                arguments("only cli prints and exits", onlyTheCommandLinePrintsAndExits(root)),
                arguments(
                        "the engine stays where it is needed",
                        noClasses()
                                .that(resideInAnyPackage(in(root, ENGINE_USERS)).negate())
                                .should()
                                .dependOnClassesThat(resideInAPackage("org.bytedeco.."))),
                arguments(
                        "logging goes through slf4j",
                        noClasses().should().dependOnClassesThat(resideInAPackage("java.util.logging.."))),
                arguments(
                        "no default charset, locale or time zone",
                        noClasses().should().accessTargetWhere(calls(DEPENDENT_ON_THE_MACHINE))),
                arguments("no static mutable state", fields().should(notBeStaticAndMutable())),
                arguments("every package is null-marked", classes().should(resideInANullMarkedPackage())));
    }

    private static ArchRule onlyTheCommandLinePrintsAndExits(String root) {
        DescribedPredicate<JavaAccess<?>> printsOrExits = describe("print or exit", access -> {
            String owner = access.getTargetOwner().getName();
            String name = access.getTarget().getName();
            return switch (owner) {
                case "java.lang.System" -> Set.of("out", "err", "exit").contains(name);
                case "java.lang.Runtime" -> Set.of("exit", "halt").contains(name);
                default -> name.equals("printStackTrace");
            };
        });
        return noClasses()
                .that()
                .resideOutsideOfPackage(root + ".cli..")
                .should()
                .accessTargetWhere(printsOrExits);
    }

    private static DescribedPredicate<JavaAccess<?>> calls(Set<String> forbidden) {
        return describe(
                "take what the machine has",
                access -> forbidden.contains(access.getTarget().getFullName()));
    }

    private static ArchCondition<JavaClass> useOnlyWhatTheyMay(String root) {
        return new ArchCondition<>("use only what they may") {
            @Override
            public void check(JavaClass origin, ConditionEvents events) {
                String user = conceptOf(origin, root);
                if (user.equals("cli") || user.isEmpty()) {
                    return;
                }
                Set<String> allowed = MAY_USE.get(user);
                if (allowed == null) {
                    events.add(SimpleConditionEvent.violated(
                            origin, origin.getName() + " is in a package that the list does not name"));
                    return;
                }
                origin.getDirectDependenciesFromSelf().forEach(dependency -> {
                    String used = conceptOf(dependency.getTargetClass().getBaseComponentType(), root);
                    if (!used.isEmpty() && !used.equals(user) && !allowed.contains(used)) {
                        events.add(SimpleConditionEvent.violated(origin, dependency.getDescription()));
                    }
                });
            }
        };
    }

    /** Returns the name of the package directly under the root that holds a class, or "" if none does. */
    private static String conceptOf(JavaClass type, String root) {
        String prefix = root + ".";
        String name = type.getPackageName();
        return name.startsWith(prefix) ? name.substring(prefix.length()).replaceAll("\\..*", "") : "";
    }

    private static ArchCondition<JavaField> notBeStaticAndMutable() {
        List<String> mutable = List.of(
                "java.util.concurrent.atomic.",
                "java.util.concurrent.Concurrent",
                "java.util.HashMap",
                "java.util.HashSet",
                "java.util.ArrayList");
        return new ArchCondition<>("not be static and mutable") {
            @Override
            public void check(JavaField field, ConditionEvents events) {
                boolean isStatic = field.getModifiers().contains(JavaModifier.STATIC);
                boolean isFinal = field.getModifiers().contains(JavaModifier.FINAL);
                boolean changes = mutable.stream().anyMatch(field.getRawType().getName()::startsWith);
                if (isStatic && (!isFinal || changes) && !field.getFullName().equals(STATE_OF_THE_PROCESS)) {
                    events.add(SimpleConditionEvent.violated(field, field.getFullName() + " is static and can change"));
                }
            }
        };
    }

    private static ArchCondition<JavaClass> resideInANullMarkedPackage() {
        return new ArchCondition<>("reside in a package whose package-info is annotated with @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                JavaPackage home = type.getPackage();
                boolean marked = home.tryGetPackageInfo()
                        .map(info -> info.isAnnotatedWith(NullMarked.class))
                        .orElse(false);
                if (!marked) {
                    events.add(SimpleConditionEvent.violated(type, home.getName() + " is not null-marked"));
                }
            }
        };
    }

    private static String[] in(String root, String... packages) {
        return Stream.of(packages).map(name -> root + "." + name + "..").toArray(String[]::new);
    }
}
