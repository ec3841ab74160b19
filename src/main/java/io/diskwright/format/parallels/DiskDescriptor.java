package io.diskwright.format.parallels;

import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * What the {@code DiskDescriptor.xml} of a bundle says about the images in it, as far as it decides
 * whether one of them is the whole disk.
 *
 * @param storages pieces that the disk is split into
 * @param files the images' files as they are named, over all storages
 * @param shots states of the disk, the current one among them
 * @param padding 0 in a disk whose sectors lie where its geometry says
 * @param engine the UUID of the encryption, all zero or empty without one
 */
record DiskDescriptor(int storages, List<String> files, int shots, String padding, String engine) {

  /** The name it has in every bundle. */
  static final String NAME = "DiskDescriptor.xml";

  private static final int MAX_LENGTH = 1 << 20;
  private static final int MAX_DEPTH = 64;
  private static final int MAX_FILES = 10_000;

  /**
   * Reads one.
   *
   * @throws CorruptImage when it is no such XML
   * @throws LimitExceeded when it is longer or deeper than any
   */
  static DiskDescriptor read(ByteSource source) throws IOException {
    if (source.size() > MAX_LENGTH) {
      throw tooLarge(source, Fault.number(source.size()) + " bytes", Fault.number(MAX_LENGTH));
    }
    int length = (int) source.size();
    byte[] bytes = source.view(NAME, 0, length, ByteOrder.BIG_ENDIAN).bytes(0, length);
    try {
      XMLStreamReader xml = factory().createXMLStreamReader(new ByteArrayInputStream(bytes));
      return parse(source, xml);
    } catch (XMLStreamException e) {
      throw new CorruptImage(
          source.describe(),
          "disk descriptor",
          Fault.NOWHERE,
          "no well-formed XML ("
              + String.valueOf(e.getMessage()).lines().findFirst().orElse("")
              + ")",
          "the description of a Parallels disk",
          "Copy the whole bundle again");
    }
  }

  /** No entities and no files: what stands in the bytes is all there is. */
  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    return factory;
  }

  private static DiskDescriptor parse(ByteSource source, XMLStreamReader xml)
      throws XMLStreamException, ImageException {
    var path = new ArrayList<String>();
    var text = new StringBuilder();
    var files = new ArrayList<String>();
    int storages = 0;
    int shots = 0;
    String padding = "0";
    String engine = "";
    while (xml.hasNext()) {
      switch (xml.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          path.add(xml.getLocalName());
          text.setLength(0);
          if (path.size() > MAX_DEPTH) {
            throw tooLarge(source, "elements nested deeper", Fault.number(MAX_DEPTH));
          }
        }
        case XMLStreamConstants.CHARACTERS -> text.append(xml.getText());
        case XMLStreamConstants.END_ELEMENT -> {
          String value = text.toString().strip();
          switch (String.join("/", path)) {
            case "Parallels_disk_image/StorageData/Storage" -> storages++;
            case "Parallels_disk_image/StorageData/Storage/Image/File" -> files.add(value);
            case "Parallels_disk_image/Snapshots/Shot" -> shots++;
            case "Parallels_disk_image/Disk_Parameters/Padding" -> padding = value;
            case "Parallels_disk_image/Disk_Parameters/Encryption/Engine" -> engine = value;
            default -> {}
          }
          if (files.size() > MAX_FILES) {
            throw tooLarge(source, "more images", Fault.number(MAX_FILES));
          }
          path.removeLast();
          text.setLength(0);
        }
        default -> {}
      }
    }
    return new DiskDescriptor(storages, List.copyOf(files), shots, padding, engine);
  }

  private static LimitExceeded tooLarge(ByteSource source, String found, String most) {
    return new LimitExceeded(
        source.describe(), "disk descriptor", Fault.NOWHERE, found, "up to " + most);
  }

  /** Whether it speaks of a file of this name, whatever folder it has it in. */
  boolean names(String file) {
    return files.stream().anyMatch(f -> f.substring(f.lastIndexOf('/') + 1).equals(file));
  }

  /** Whether the disk is encrypted. */
  boolean isEncrypted() {
    return engine.chars().anyMatch(c -> c != '{' && c != '}' && c != '-' && c != '0');
  }
}
