package io.diskwright;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.diskwright.disk.DiskImage;
import io.diskwright.disk.Extent;
import io.diskwright.disk.ExtentCursor;
import io.diskwright.disk.VirtualDisk;
import io.diskwright.format.Formats;
import io.diskwright.io.ImageException;
import io.diskwright.io.Workspace;
import io.diskwright.source.OpenOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every image of {@code native-test-images} against its row of the manifest. */
class GoldenImagesTest {

  private static final Path FOLDER = Path.of("native-test-images");
  private static final Path PASSPHRASE = FOLDER.resolve("passphrase.txt");

  /** No divisor or multiple of any cluster, so pieces begin and end everywhere. */
  private static final int PIECE = 70_001;

  /** One row of the manifest; {@code file#snapshot} is an internal snapshot of a file. */
  record Row(
      String file, String format, String subformat, String size, String digest, String oracle) {

    static Row parse(String line) {
      String[] cells = line.split("\t", -1);
      assertThat(cells).hasSize(9);
      return new Row(
          cells[0], cells[1], cells[2].equals("-") ? "" : cells[2], cells[3], cells[4], cells[5]);
    }

    boolean refused() {
      return digest.equals("REFUSE");
    }

    DiskImage open() throws IOException {
      // A fixed VHD, like every other format, must be recognised; nothing is told in advance.
      // Those to be refused are refused without a passphrase, too.
      String[] parts = file.split("#", 2);
      Optional<String> snapshot = parts.length == 2 ? Optional.of(parts[1]) : Optional.empty();
      return Formats.open(
          FOLDER.resolve(parts[0]),
          OpenOptions.defaults()
              .withSnapshot(snapshot)
              .withSecretFile(refused() ? Optional.empty() : Optional.of(PASSPHRASE)));
    }

    @Override
    public String toString() {
      return file;
    }
  }

  static List<Row> rows() throws IOException {
    try (Stream<String> lines = Files.lines(FOLDER.resolve("manifest.tsv"))) {
      return lines.skip(1).map(Row::parse).toList();
    }
  }

  static Stream<Row> readable() throws IOException {
    return rows().stream().filter(row -> !row.refused());
  }

  static Stream<Row> refused() throws IOException {
    return rows().stream().filter(Row::refused);
  }

  @Test
  void manifestNamesEveryFormat() throws IOException {
    Set<String> formats = rows().stream().map(Row::format).collect(Collectors.toSet());

    assertThat(formats).containsExactlyInAnyOrderElementsOf(Formats.names());
    assertThat(rows()).hasSizeGreaterThan(40);
  }

  @ParameterizedTest
  @MethodSource("readable")
  void saysWhatItIs(Row row) throws IOException {
    try (DiskImage image = row.open()) {
      assertThat(image.info().format()).as(row.file()).isEqualTo(row.format());
      assertThat(image.info().subformat()).as(row.file()).isEqualTo(row.subformat());
      assertThat(image.info().virtualSize()).as(row.file()).isEqualTo(Long.parseLong(row.size()));
      assertThat(image.size()).isEqualTo(Long.parseLong(row.size()));
    }
  }

  @ParameterizedTest
  @MethodSource("readable")
  void readsInPiecesAsItsMakerDoes(Row row) throws IOException {
    try (DiskImage image = row.open()) {
      assertThat(digestOfPieces(image)).as(row.file()).isEqualTo(row.digest());
      image.verifyWrapping(() -> false);
    }
  }

  @ParameterizedTest
  @MethodSource("readable")
  void mapsToExtentsWithTheSameContent(Row row) throws IOException {
    try (DiskImage image = row.open()) {
      assertThat(digestOfExtents(image)).as(row.file()).isEqualTo(row.digest());
    }
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refuses(Row row) {
    Throwable refusal =
        catchThrowable(() -> {
          try (DiskImage image = row.open()) {
            digestOfPieces(image);
            image.verifyWrapping(() -> false);
          }
        });

    assertThat(refusal).as(row.file()).isInstanceOf(ImageException.class);
    assertThat(refusal.getClass().getSimpleName()).as(row.file()).isEqualTo(row.oracle());
  }

  private static String digestOfPieces(VirtualDisk disk) throws IOException {
    MessageDigest digest = sha256();
    ByteBuffer piece = ByteBuffer.allocate(PIECE);
    for (long at = 0; at < disk.size(); at += PIECE) {
      disk.read(at, piece.clear().limit((int) Math.min(PIECE, disk.size() - at)));
      digest.update(piece.flip());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static String digestOfExtents(VirtualDisk disk) throws IOException {
    MessageDigest digest = sha256();
    var cursor = new ExtentCursor(disk, 0, disk.size());
    try (var workspace = new Workspace(true)) {
      for (Extent extent = cursor.next(); extent != null; extent = cursor.next()) {
        switch (extent) {
          case Extent.Zero zero -> digest.update(new byte[(int) zero.length()]);
          case Extent.Data data -> {
            ByteBuffer bytes = ByteBuffer.allocate((int) data.length());
            data.source().read(data.sourceOffset(), bytes);
            digest.update(bytes.flip());
          }
          case Extent.Encoded encoded -> {
            ByteBuffer block = ByteBuffer.allocateDirect(encoded.blockLength());
            encoded
                .codec()
                .decode(
                    encoded.source(),
                    encoded.sourceOffset(),
                    encoded.encodedLength(),
                    block,
                    workspace);
            digest.update(block.slice(encoded.skip(), (int) encoded.length()));
          }
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
