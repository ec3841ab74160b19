package io.diskwright.cli;

import io.diskwright.convert.Progress;
import io.diskwright.convert.Sizes;
import java.io.PrintWriter;

/** A line at every tenth of the work: fit for logs. */
final class PlainProgress implements ProgressDisplay {

  private final String name;
  private final PrintWriter err;
  private long shownTenths = -1;

  PlainProgress(String name, PrintWriter err) {
    this.name = name;
    this.err = err;
  }

  @Override
  public void accept(Progress progress) {
    if (progress.phase() != Progress.Phase.COPYING || progress.totalBytes() == 0) {
      return;
    }
    long tenths = (long) (10.0 * progress.doneBytes() / progress.totalBytes());
    if (tenths > shownTenths) {
      shownTenths = tenths;
      err.println(name + ": " + tenths * 10 + "% of " + Sizes.human(progress.totalBytes()));
    }
  }

  @Override
  public void close() {}
}
