package io.diskwright.convert;

/** Lets workers pass one at a time, in the order of their batches. Safe for any thread. */
final class Turns {

  private long next;
  private boolean stopped;

  /**
   * Waits for the turn of a batch.
   *
   * @return false when there will be no more turns
   */
  synchronized boolean await(long sequence) throws InterruptedException {
    while (next != sequence && !stopped) {
      wait();
    }
    return !stopped;
  }

  /** Ends the present turn. */
  synchronized void pass() {
    next++;
    notifyAll();
  }

  /** Ends all turns, since a worker failed or the work was cancelled. */
  synchronized void stop() {
    stopped = true;
    notifyAll();
  }
}
