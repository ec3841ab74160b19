package io.diskwright.filesystem.ntfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.filesystem.EntryCursor;
import io.diskwright.filesystem.FileKind;
import io.diskwright.filesystem.Node;
import io.diskwright.io.MemorySource;
import io.diskwright.io.Run;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NtfsFormsTest {

  private final TestVolume volume = new TestVolume();

  @Test
  void leavesOtherVolumesAlone() throws IOException {
    assertThat(NtfsFileSystem.open(new MemorySource("none", new byte[4096]))).isEmpty();
    assertThat(NtfsFileSystem.open(new MemorySource("short", new byte[100]))).isEmpty();
  }

  @Test
  void readsContentInTheRecordAndOutsideIt() throws IOException {
    assertThat(volume.content("resident")).asString().isEqualTo("in the record");
    assertThat(volume.content("plain")).isEqualTo(TestVolume.text(400));
    assertThat(volume.node("hard").number()).isEqualTo(volume.node("plain").number());
    assertThat(volume.node("hard").attributes().links()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"compressed/text", "wof-XPRESS4K", "wof-XPRESS8K", "wof-XPRESS16K", "wof-LZX32K"})
  void decodesCompressedContent(String path) throws IOException {
    byte[] text = TestVolume.text(4000);
    assertThat(volume.content(path)).isEqualTo(text);
    var content = volume.node(path).content();
    ByteBuffer part = ByteBuffer.allocate(70_000);
    content.read(60_001, part);
    assertThat(part.flip()).isEqualTo(ByteBuffer.wrap(text, 60_001, 70_000));
    assertThat(volume.node(path).extendedAttributes()).isEmpty();
  }

  @Test
  void putsAContentOfManyRecordsTogether() throws IOException {
    byte[] pieces = volume.content("pieces");
    for (int i = 0; i < 300; i++) {
      String expected = "piece " + i;
      assertThat(new String(pieces, i * 131_072, expected.length(), StandardCharsets.US_ASCII))
          .isEqualTo(expected);
    }
  }

  @Test
  void tellsHoles() throws IOException {
    var content = volume.node("sparse").content();
    Run first = content.runAt(0, content.size());
    assertThat(first.hole()).isFalse();
    Run hole = content.runAt(first.length(), content.size() - first.length());
    assertThat(hole.hole()).isTrue();
    assertThat(first.length() + hole.length()).isEqualTo(1 << 20);
    assertThat(volume.node("sparse").attributes().allocated()).isBetween(1024L, 131_072L);
  }

  @Test
  void showsZerosBehindWhatWasWritten() throws IOException {
    volume.attribute("plain", Attribute.DATA, (record, at) -> record.putLong(at + 56, 5000));
    byte[] content = volume.content("plain");
    byte[] expected = TestVolume.text(400);
    for (int i = 5000; i < expected.length; i++) {
      expected[i] = 0;
    }
    assertThat(content).isEqualTo(expected);
    var source = volume.node("plain").content();
    assertThat(source.runAt(5000, 100)).isEqualTo(new Run(true, 100));
  }

  @Test
  void listsAndFindsNames() throws IOException {
    Node many = volume.node("many");
    List<String> names = names(many);
    assertThat(names).hasSize(120).isSorted();
    for (String name : names) {
      assertThat(many.child(name)).isPresent();
    }
    assertThat(many.child("A NAME that takes some room 077").orElseThrow().number())
        .isEqualTo(many.child("a name that takes some room 077").orElseThrow().number());
    assertThat(many.child("a name that takes some room 120")).isEmpty();
    assertThat(many.parentNumber()).isEqualTo(OptionalLong.of(NtfsVolume.ROOT));
    assertThat(volume.open().root().parentNumber()).isEmpty();
  }

  @Test
  void hidesItsOwnFilesAndShortNames() throws IOException {
    Node root = volume.open().root();
    assertThat(names(root)).contains("short name").doesNotContain("SHORTN~1", "$MFT", ".");
    assertThat(root.child("SHORTN~1").orElseThrow().number())
        .isEqualTo(root.child("short name").orElseThrow().number());
    assertThat(root.child("$Bitmap").orElseThrow().number()).isEqualTo(NtfsVolume.BITMAP);
  }

  @Test
  void showsLinksAndStreams() throws IOException {
    assertThat(volume.node("junction").attributes().kind()).isEqualTo(FileKind.SYMBOLIC_LINK);
    assertThat(volume.node("junction").linkTarget()).isEqualTo("/target");
    assertThat(volume.node("link").linkTarget()).isEqualTo("plain");
    assertThat(volume.node("pipe").attributes().kind()).isEqualTo(FileKind.FIFO);
    assertThat(volume.node("streams").extendedAttributes()).containsOnlyKeys("user.second");
  }

  private static List<String> names(Node directory) throws IOException {
    List<String> names = new ArrayList<>();
    EntryCursor entries = directory.entries();
    for (var entry = entries.next(); entry != null; entry = entries.next()) {
      names.add(entry.name());
    }
    return names;
  }
}
