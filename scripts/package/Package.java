import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * Makes the self-contained {@code target/diskwright}: launcher, jars, a linked Java runtime and an
 * ahead-of-time cache of the loaded classes. Run by {@code mvn package} with the JDK of the
 * toolchain; every path is an argument, the project's own folder is the working directory.
 *
 * <p>Arguments: the project's jar, the class path of what it needs, picocli's sources jar, the
 * folder to make.
 */
final class Package {

  /**
   * What the jars need of the JDK, as {@code jdeps --print-module-deps} names it, and the charsets
   * of file names in VMDK descriptors.
   */
  private static final List<String> MODULES =
      List.of("java.base", "java.logging", "java.xml", "jdk.charsets", "jdk.unsupported");

  /** How the runtime is started, in training as in use: the cache is bound to some of them. */
  private static final List<String> OPTIONS =
      List.of(
          "-Xms96m",
          "-Xmn64m",
          "-XX:SurvivorRatio=2", // what is in flight survives, and must not grow old for that
          "-Xmx256m", // xz can want half of it for its dictionary alone
          "-Xss512k",
          "-XX:ReservedCodeCacheSize=32m",
          "-XX:+UseSerialGC",
          "-XX:-UsePerfData",
          "--enable-native-access=ALL-UNNAMED");

  /** Every jar gets this time, since the cache is bound to the jars' times. */
  private static final Instant JAR_TIME = Instant.parse("2026-11-22T00:00:00Z");

  private static final String CACHE = "diskwright.aot";

  private final Path projectJar;
  private final List<Path> dependencies;
  private final Path picocliSources;
  private final Path home;
  private final Path work;

  private Package(Path projectJar, String classPath, Path picocliSources, Path home) {
    this.projectJar = projectJar;
    this.dependencies =
        Stream.of(classPath.split(File.pathSeparator))
            .filter(entry -> entry.endsWith(".jar"))
            .map(Path::of)
            .sorted(Comparator.comparing(Path::getFileName))
            .toList();
    this.picocliSources = picocliSources;
    this.home = home;
    this.work = picocliSources.resolveSibling("work");
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length != 4) {
      System.err.println("usage: java Package.java PROJECT.jar CLASSPATH PICOCLI-SOURCES.jar HOME");
      System.exit(2);
    }
    new Package(Path.of(arguments[0]), arguments[1], Path.of(arguments[2]), Path.of(arguments[3]))
        .make();
  }

  private void make() throws IOException, InterruptedException {
    delete(home);
    delete(work);
    Files.createDirectories(work);
    List<Path> jars = lib();
    link();
    launcher(jars);
    train(jars);
    delete(work);
  }

  /** Puts the jars into place; the project's own first, the others by name. */
  private List<Path> lib() throws IOException {
    Path lib = Files.createDirectories(home.resolve("lib"));
    var jars = new ArrayList<Path>();
    for (Path jar : dependencies) {
      Path target = lib.resolve(jar.getFileName());
      if (jar.getFileName().toString().startsWith("picocli-")) {
        recompiled(target);
      } else {
        Files.copy(jar, target);
      }
      jars.add(target);
    }
    Path own = lib.resolve("diskwright.jar");
    Files.copy(projectJar, own);
    addTraining(own);
    jars.addFirst(own);
    for (Path jar : jars) {
      Files.setLastModifiedTime(jar, FileTime.from(JAR_TIME));
    }
    return jars;
  }

  /**
   * picocli from its sources: the class files it ships are of version 49, which the cache cannot
   * hold, and its nearly 200 classes would be loaded and verified from the jar at each start.
   */
  private void recompiled(Path target) throws IOException {
    Path unpacked = Files.createDirectories(work.resolve("picocli-sources"));
    tool("jar", "--extract", "--file", picocliSources, "--dir", unpacked);
    var command =
        new ArrayList<Object>(List.of("--release", "25", "-proc:none", "-nowarn", "-Xlint:none"));
    Path classes = work.resolve("picocli-classes");
    command.addAll(List.of("-encoding", "UTF-8", "-d", classes));
    try (Stream<Path> files = Files.walk(unpacked)) {
      command.addAll(files.filter(f -> f.toString().endsWith(".java")).sorted().toList());
    }
    tool("javac", command.toArray());
    tool("jar", "--create", "--file", target, "--date", JAR_TIME, "-C", classes, ".");
  }

  /** The training run needs a main that runs several commands in one process. */
  private void addTraining(Path jar) throws IOException {
    Path classes = work.resolve("training");
    tool(
        "javac",
        "--release",
        "25",
        "-cp",
        jar,
        "-d",
        classes,
        Path.of("scripts", "package", "Training.java"));
    tool("jar", "--update", "--file", jar, "--date", JAR_TIME, "-C", classes, ".");
  }

  private void link() {
    tool(
        "jlink",
        "--add-modules",
        String.join(",", MODULES),
        "--strip-debug",
        "--no-man-pages",
        "--no-header-files",
        "--compress",
        "zip-6",
        "--output",
        home.resolve("runtime"));
  }

  private void launcher(List<Path> jars) throws IOException {
    String text =
        Files.readString(Path.of("scripts", "package", "launcher"))
            .replace("@OPTIONS@", String.join(" ", OPTIONS))
            .replace("@CACHE@", CACHE)
            .replace("@CLASS_PATH@", classPath(jars, "$home"));
    Path launcher = Files.createDirectories(home.resolve("bin")).resolve("diskwright");
    Files.writeString(launcher, text);
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Runs real commands and has the runtime store what they loaded. */
  private void train(List<Path> jars) throws IOException, InterruptedException {
    Path cache = home.resolve("lib").resolve(CACHE);
    Path log = work.resolve("training.log");
    var command = new ArrayList<>(List.of(home.resolve("runtime/bin/java").toString()));
    command.addAll(OPTIONS);
    command.addAll(
        List.of(
            "-XX:AOTCacheOutput=" + cache,
            "-cp",
            classPath(jars, home.toString()),
            "io.diskwright.cli.Training",
            "native-test-images",
            Files.createDirectories(work.resolve("images")).toString()));
    Process training =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    int code = training.waitFor();
    if (code != 0 || !Files.exists(cache)) {
      throw new IllegalStateException(
          "training ended with " + code + ":\n" + Files.readString(log));
    }
  }

  private static String classPath(List<Path> jars, String home) {
    return String.join(":", jars.stream().map(j -> home + "/lib/" + j.getFileName()).toList());
  }

  private static void tool(String name, Object... arguments) {
    ToolProvider tool =
        ToolProvider.findFirst(name)
            .orElseThrow(() -> new IllegalStateException("this JDK has no " + name));
    var messages = new StringWriter();
    var writer = new PrintWriter(messages, true);
    String[] words = Stream.of(arguments).map(Object::toString).toArray(String[]::new);
    int code = tool.run(writer, writer, words);
    if (code != 0) {
      throw new IllegalStateException(name + " ended with " + code + ":\n" + messages);
    }
  }

  private static void delete(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, IOException failure)
              throws IOException {
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
