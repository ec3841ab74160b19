package io.diskwright.source.archive;

import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.UnsupportedFeature;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads an OVF descriptor of version 0.9 to 2 as what it may be: somebody's attack on an XML
 * parser. It declares nothing, names nothing outside, nests a little and has a bounded length.
 */
final class OvfParser {

  /** Bytes a descriptor may have. */
  static final int MAX_SIZE = 16 << 20;

  private static final int MAX_DEPTH = 64;

  /** Files or disks. */
  private static final int MAX_ENTRIES = 10_000;

  private static final String NAME = "OVF descriptor";

  private final String source;
  private final Deque<String> open = new ArrayDeque<>();
  private final List<OvfFile> files = new ArrayList<>();
  private final List<OvfDisk> disks = new ArrayList<>();

  private OvfParser(String source) {
    this.source = source;
  }

  /**
   * Reads a descriptor.
   *
   * @param source the archive and in it the descriptor, for messages
   * @throws ImageException when it is no OVF, or no harmless one
   */
  static Ovf parse(String source, byte[] content) throws ImageException {
    var parser = new OvfParser(source);
    try {
      parser.read(reader(content));
    } catch (XMLStreamException e) {
      throw parser.noXml(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      // An unknown charset, or one of those that the JDK's parser lets slip on malformed input.
      throw parser.noXml(e.toString());
    }
    return new Ovf(source, List.copyOf(parser.files), List.copyOf(parser.disks));
  }

  private static XMLStreamReader reader(byte[] content) throws XMLStreamException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
    factory.setXMLResolver((publicId, systemId, base, namespace) -> {
      throw new XMLStreamException("names something outside of itself");
    });
    return factory.createXMLStreamReader(XmlText.reader(content));
  }

  private CorruptImage noXml(String why) {
    return new CorruptImage(
        source, NAME, Fault.NOWHERE, "no well-formed XML: " + Member.shown(why), "an OVF envelope");
  }

  private void read(XMLStreamReader xml) throws XMLStreamException, ImageException {
    while (xml.hasNext()) {
      switch (xml.next()) {
        case XMLStreamConstants.START_ELEMENT -> start(xml);
        case XMLStreamConstants.END_ELEMENT -> open.pop();
        case XMLStreamConstants.DTD -> throw declares(xml, "a document type declaration");
        case XMLStreamConstants.ENTITY_REFERENCE -> throw declares(xml, "an entity reference");
        default -> {} // text and comments say nothing about disks
      }
    }
  }

  private UnsupportedFeature declares(XMLStreamReader xml, String what) {
    return new UnsupportedFeature(
        source,
        NAME + " line " + xml.getLocation().getLineNumber(),
        Fault.NOWHERE,
        what,
        "plain elements; no OVF needs one, and attacks on XML parsers do",
        "Do not trust this archive");
  }

  private void start(XMLStreamReader xml) throws ImageException {
    String element = xml.getLocalName();
    if (open.isEmpty() && !element.equals("Envelope")) {
      throw new CorruptImage(
          source, NAME, Fault.NOWHERE, "root element " + Member.shown(element), "Envelope");
    }
    String parent = open.isEmpty() ? "" : open.peek();
    open.push(element);
    if (open.size() > MAX_DEPTH || files.size() + disks.size() > MAX_ENTRIES) {
      throw new LimitExceeded(
          source,
          NAME + " line " + xml.getLocation().getLineNumber(),
          Fault.NOWHERE,
          open.size() > MAX_DEPTH ? "deeper elements" : "more files and disks",
          "up to " + MAX_DEPTH + " levels and " + MAX_ENTRIES + " files and disks");
    }
    if (element.equals("File") && parent.equals("References")) {
      files.add(file(xml));
    } else if (isDisk(parent, element)) {
      disks.add(disk(xml));
    }
  }

  /**
   * Version 0.9 names every section Section; version 2 has another for disks of several machines.
   */
  private static boolean isDisk(String parent, String element) {
    return element.equals("Disk") && (parent.equals("DiskSection") || parent.equals("Section"))
        || element.equals("SharedDisk") && parent.equals("SharedDiskSection");
  }

  private OvfFile file(XMLStreamReader xml) throws ImageException {
    return new OvfFile(
        source,
        attribute(xml, "id"),
        attribute(xml, "href"),
        attribute(xml, "compression"),
        number(xml, "size", 0),
        number(xml, "chunkSize", 1));
  }

  private OvfDisk disk(XMLStreamReader xml) {
    return new OvfDisk(
        source,
        attribute(xml, "diskId"),
        attribute(xml, "fileRef"),
        attribute(xml, "capacity"),
        attribute(xml, "capacityAllocationUnits"),
        attribute(xml, "parentRef"));
  }

  private OptionalLong number(XMLStreamReader xml, String name, long least) throws CorruptImage {
    String text = attribute(xml, name).strip();
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    if (text.matches("\\d{1,18}") && Long.parseLong(text) >= least) {
      return OptionalLong.of(Long.parseLong(text));
    }
    throw new CorruptImage(
        source,
        "OVF File " + name,
        Fault.NOWHERE,
        Member.shown(text),
        "a number from " + least + " on");
  }

  /** An attribute of whatever namespace, since the versions differ in nothing else. */
  private static String attribute(XMLStreamReader xml, String name) {
    for (int i = 0; i < xml.getAttributeCount(); i++) {
      if (xml.getAttributeLocalName(i).equals(name)) {
        return xml.getAttributeValue(i);
      }
    }
    return "";
  }
}
