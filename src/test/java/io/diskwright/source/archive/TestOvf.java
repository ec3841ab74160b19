package io.diskwright.source.archive;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Writes OVF descriptors and manifests as VirtualBox and ovftool do. */
final class TestOvf {

  private final StringBuilder files = new StringBuilder();
  private final StringBuilder disks = new StringBuilder();

  /** A referenced file with these attributes. */
  TestOvf file(String attributes) {
    files.append("<File ").append(attributes).append("/>\n");
    return this;
  }

  /** A disk with these attributes. */
  TestOvf disk(String attributes) {
    disks.append("<Disk ").append(attributes).append("/>\n");
    return this;
  }

  /** One disk of one file. */
  static String of(String href) {
    return new TestOvf()
        .file("ovf:id='file1' ovf:href='" + href + "'")
        .disk("ovf:diskId='vmdisk1' ovf:fileRef='file1' ovf:capacity='8192'")
        .text();
  }

  String text() {
    return """
    <?xml version="1.0" encoding="UTF-8"?>
    <Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1"
        xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1" ovf:version="1.0">
      <References>%s</References>
      <DiskSection><Info>The disks &amp; more</Info>%s</DiskSection>
      <VirtualSystem ovf:id="vm"><Info>A machine</Info></VirtualSystem>
    </Envelope>
    """
        .formatted(files, disks);
  }

  /** A line of a manifest. */
  static String line(String digest, String name, String content) throws Exception {
    return line(digest, name, content.getBytes(StandardCharsets.UTF_8));
  }

  static String line(String digest, String name, byte[] content) throws Exception {
    return digest + "(" + name + ")= " + hex(digest.replace("SHA", "SHA-"), content) + "\n";
  }

  static String hex(String algorithm, byte[] content) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
  }
}
