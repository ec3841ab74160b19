package io.diskwright.target;

import java.time.Instant;
import java.util.UUID;

/**
 * What distinguishes one output from another of the same content.
 *
 * @param id the identifier that a footer or header carries
 * @param time when it was made
 */
public record Stamp(UUID id, Instant time) {

  /** A random identifier, now. */
  public static Stamp fresh() {
    return new Stamp(UUID.randomUUID(), Instant.now());
  }
}
