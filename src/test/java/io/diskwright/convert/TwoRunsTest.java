package io.diskwright.convert;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.target.TargetFormat;
import io.diskwright.validate.Profile;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TwoRunsTest {

  private static final int ROUNDS = 100;

  @TempDir private Path folder;

  /** Whoever says that it is done must have left a whole file that nobody else writes to. */
  @Test
  void oneTargetIsNeverWrittenByTwo() throws Exception {
    byte[] bytes = new byte[300_000];
    new Random(5).nextBytes(bytes);
    Path source = Files.write(folder.resolve("disk.raw"), bytes);
    Path target = folder.resolve("out.raw");
    try (var threads = Executors.newFixedThreadPool(3)) {
      Callable<Integer> rounds = () -> rounds(source, target, bytes);
      var running = new ArrayList<Future<Integer>>();
      for (int i = 0; i < 3; i++) {
        running.add(threads.submit(rounds));
      }
      assertThat(sum(running)).isPositive();
    }
    assertThat(folder.resolve("out.raw.partial")).doesNotExist();
  }

  private static int sum(List<Future<Integer>> running)
      throws InterruptedException, ExecutionException {
    int sum = 0;
    for (Future<Integer> future : running) {
      sum += future.get();
    }
    return sum;
  }

  private static int rounds(Path source, Path target, byte[] expected) throws IOException {
    var request =
        ConversionRequest.of(source, target)
            .withFormat(TargetFormat.RAW)
            .withProfile(Profile.named("none"))
            .withSize(new SizeChoice.Keep())
            .withJobs(1)
            .with(ConversionOption.REPLACE, true)
            .with(ConversionOption.VALIDATE, false);
    int done = 0;
    for (int i = 0; i < ROUNDS; i++) {
      try {
        new Conversion(request, p -> {}, new Cancellation()).run();
        done++;
        assertThat(Arrays.equals(Files.readAllBytes(target), expected)).isTrue();
      } catch (FileSystemException e) {
        assertThat(e).hasMessageContaining("is being written by another conversion");
      }
    }
    return done;
  }
}
