package io.diskwright.guest.service;

/**
 * Whether a service is started when the guest boots.
 *
 * @param name of the service that was found, without {@code .service}; the first asked for when
 *     none was
 * @param where the path that decides it; empty when nothing was found
 * @param derived whether it was concluded, as by a preset, and not read
 */
public record Startup(State state, String name, String where, boolean derived) {

  /** What can be told of a service. */
  public enum State {
    /** It is started at boot. */
    ENABLED,
    /** It is there and not started. */
    DISABLED,
    /** It is there and cannot be started. */
    MASKED,
    /** There is no such service. */
    ABSENT,
    /** It is there; whether it is started could not be told. */
    UNKNOWN
  }

  /** Whether it is started at boot. */
  public boolean isEnabled() {
    return state == State.ENABLED;
  }
}
