package io.diskwright.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;

/**
 * {@code IMAGE[:PARTITION]}. A file whose whole name has the colon in it wins.
 *
 * @param partition a number, or the name of a logical volume
 */
record ImageArgument(Path image, Optional<String> partition) {

  /** How picocli reads it. */
  static final class Converter implements ITypeConverter<ImageArgument> {
    @Override
    public ImageArgument convert(String value) {
      Path whole = Path.of(value);
      int colon = value.lastIndexOf(':');
      if (colon <= 0 || colon == value.length() - 1 || Files.exists(whole)) {
        return new ImageArgument(whole, Optional.empty());
      }
      return new ImageArgument(
          Path.of(value.substring(0, colon)), Optional.of(value.substring(colon + 1)));
    }
  }
}
