package io.diskwright.cli;

import io.diskwright.convert.Progress;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A bar with speed and time left, on the terminal. */
final class BarProgress implements ProgressDisplay {

  private static final int WIDTH = 100;
  private static final long MEBIBYTE = 1 << 20;

  private final String name;
  private @Nullable ProgressBar bar;

  BarProgress(String name) {
    this.name = name;
  }

  @Override
  public void accept(Progress progress) {
    if (progress.totalBytes() == 0) {
      return;
    }
    ProgressBar current = bar;
    if (current == null) {
      current =
          new ProgressBarBuilder()
              .setTaskName(name)
              .setInitialMax(progress.totalBytes())
              .setUnit(" MiB", MEBIBYTE)
              .setStyle(ProgressBarStyle.ASCII)
              .showSpeed()
              .setConsumer(new ConsoleProgressBarConsumer(System.err, WIDTH))
              .build();
      bar = current;
    }
    current.stepTo(progress.doneBytes());
    switch (progress.phase()) {
      case SYNCING -> current.setExtraMessage(" syncing");
      case VALIDATING -> current.setExtraMessage(" validating");
      default -> {}
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
