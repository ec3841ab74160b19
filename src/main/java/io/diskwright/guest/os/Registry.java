package io.diskwright.guest.os;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The values of a hive that identify Windows; keys are paths from the hive's root. */
interface Registry {

  /** A value of text; empty when it is absent, or no text. */
  Optional<String> text(String key, String name) throws IOException;

  /** A value of several texts; none when it is absent, or something else. */
  List<String> texts(String key, String name) throws IOException;

  /** A number; empty when it is absent, or no number. */
  OptionalLong number(String key, String name) throws IOException;
}
