package io.diskwright.guest.os;

import java.util.List;

/**
 * A Linux distribution.
 *
 * @param id os-release's {@code ID} in lower case, or what it would be
 * @param likes os-release's {@code ID_LIKE}
 * @param version empty when it is not told
 * @param name for people
 */
record Distribution(String id, List<String> likes, String version, String name) {

  Distribution withVersion(String newVersion) {
    return new Distribution(id, likes, newVersion, name);
  }
}
