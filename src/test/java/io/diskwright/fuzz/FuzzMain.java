package io.diskwright.fuzz;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Changes images at random for a time, and reads each. Run as a process of its own with little
 * memory: {@code FuzzMain SECONDS SEED IMAGES FINDINGS}, or {@code FuzzMain 0 SEED IMAGES FINDINGS
 * CASE} for one case again. Exits with 1 when a case broke the contract; what broke it lies in
 * FINDINGS.
 */
final class FuzzMain {

  private static final long MAX_CPU_SECONDS = 10;
  private static final long MAX_WALL_SECONDS = 300;
  private static final int MAX_FINDINGS = 20;

  private final long seed;
  private final Path work;
  private final Path findings;
  private final Map<String, List<Seed>> seeds;
  private final List<String> formats;
  private final Map<String, String> found = new LinkedHashMap<>();
  private final Thread worker = Thread.currentThread();
  private volatile long caseNumber;
  private volatile long caseCpu;
  private volatile long caseStart;
  private volatile String caseName = "";
  private long read;
  private long refused;

  private FuzzMain(long seed, Path images, Path work, Path findings) throws IOException {
    this.seed = seed;
    this.work = work;
    this.findings = findings;
    this.seeds =
        Seed.prepare(images, work).stream()
            .collect(Collectors.groupingBy(Seed::format, TreeMap::new, Collectors.toList()));
    this.formats = List.copyOf(seeds.keySet());
  }

  public static void main(String[] arguments) throws IOException {
    long seconds = Long.parseLong(arguments[0]);
    long seed = Long.parseLong(arguments[1]);
    Path work = Files.createTempDirectory("diskwright-fuzz");
    int code;
    try {
      var fuzz = new FuzzMain(seed, Path.of(arguments[2]), work, Path.of(arguments[3]));
      code = fuzz.run(seconds, arguments.length > 4 ? Long.parseLong(arguments[4]) : -1);
    } finally {
      delete(work);
    }
    System.exit(code);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private int run(long seconds, long only) throws IOException {
    long start = System.nanoTime();
    begin(only < 0 ? 0 : only, "");
    Thread.ofPlatform().daemon().name("watchdog").start(this::watch);
    if (only >= 0) {
      one(only);
    } else {
      long end = start + TimeUnit.SECONDS.toNanos(seconds);
      for (long i = 0; System.nanoTime() < end && found.size() < MAX_FINDINGS; i++) {
        one(i);
      }
    }
    found.values().forEach(System.out::println);
    System.out.printf(
        "fuzz: %d cases in %d s, seed %d, refused %d, read %d, broken contracts %d%n",
        read + refused + found.size(),
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start),
        seed,
        refused,
        read,
        found.size());
    return found.isEmpty() ? 0 : 1;
  }

  private void one(long number) throws IOException {
    var random = new Random(seed * 1_000_003 + number);
    List<Seed> ofFormat = seeds.get(formats.get(random.nextInt(formats.size())));
    Seed chosen = ofFormat.get(random.nextInt(ofFormat.size()));
    Path changed = work.resolve(chosen.changed());
    byte[] original = Files.readAllBytes(changed);
    byte[] mutant = Mutator.mutate(original, chosen.metadata(), random);
    SparseFile.write(changed, mutant);
    begin(number, chosen.toString());
    try {
      if (Exercise.run(work.resolve(chosen.image()), random, true)) {
        read++;
      } else {
        refused++;
      }
    } catch (Throwable e) {
      finding(e, chosen);
    }
    SparseFile.write(changed, original);
  }

  private void begin(long number, String name) {
    caseNumber = number;
    caseName = name;
    caseStart = System.nanoTime();
    caseCpu = cpu();
  }

  private static long cpu() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  /** One finding a place is enough. */
  private void finding(Throwable e, Seed chosen) throws IOException {
    String where =
        Stream.of(e.getStackTrace())
            .filter(frame -> frame.getClassName().startsWith("io.diskwright."))
            .limit(3)
            .map(StackTraceElement::toString)
            .collect(Collectors.joining(" < "));
    String key = e.getClass().getName() + " " + where;
    if (!found.containsKey(key)) {
      found.put(key, describe(e.toString(), where, chosen.toString()));
      keep(chosen.changed());
    }
  }

  private String describe(String what, String where, String image) {
    return "fuzz: BROKEN CONTRACT: case "
        + caseNumber
        + " of seed "
        + seed
        + ", "
        + image
        + ": "
        + what
        + " at "
        + where
        + "\nfuzz: again with scripts/test --fuzz-case "
        + seed
        + " "
        + caseNumber;
  }

  private void keep(String changed) throws IOException {
    Path folder = findings.resolve(seed + "-" + caseNumber);
    Files.createDirectories(folder);
    Files.write(folder.resolve(changed), Files.readAllBytes(work.resolve(changed)));
  }

  /** Ends the process when a case does not end. */
  private void watch() {
    while (true) {
      try {
        Thread.sleep(200);
      } catch (InterruptedException e) {
        return;
      }
      long number = caseNumber;
      boolean slow =
          cpu() - caseCpu > TimeUnit.SECONDS.toNanos(MAX_CPU_SECONDS)
              || System.nanoTime() - caseStart > TimeUnit.SECONDS.toNanos(MAX_WALL_SECONDS);
      if (slow && number == caseNumber) {
        String stack =
            Stream.of(worker.getStackTrace())
                .map(StackTraceElement::toString)
                .collect(Collectors.joining("\n  "));
        System.out.println(describe("does not end", stack, caseName));
        Runtime.getRuntime().halt(2);
      }
    }
  }
}
