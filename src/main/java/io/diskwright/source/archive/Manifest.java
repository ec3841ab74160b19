package io.diskwright.source.archive;

import io.diskwright.io.AmbiguousImage;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The digests of an OVA's files, as the manifest beside its descriptor states them.
 *
 * @param source the archive and in it the manifest, for messages
 * @param entries one a line
 */
record Manifest(String source, List<Entry> entries) {

  /** Bytes it may have: ten thousand lines. */
  static final int MAX_SIZE = 1 << 20;

  private static final String NAME = "manifest";

  /** {@code SHA256(disk.vmdk)= 0123…}, with spaces or without. */
  private static final Pattern LINE =
      Pattern.compile("\\s*([A-Za-z0-9-]+)\\s*\\((.+)\\)\\s*=\\s*([0-9A-Fa-f]+)\\s*");

  /**
   * A line.
   *
   * @param name the file's, relative to the manifest
   */
  record Entry(String name, Promise promise) {}

  /** Whether a member is a manifest. */
  static boolean isManifest(Member member) {
    return member.isFile() && member.lowerName().endsWith(".mf");
  }

  /**
   * The manifest of a descriptor among the members: the one named like it, or the only one beside
   * it.
   */
  static Optional<Member> find(Catalogue catalogue, Member ovf) throws AmbiguousImage {
    List<Member> beside =
        catalogue.members().stream()
            .filter(m -> isManifest(m) && m.folder().equals(ovf.folder()))
            .toList();
    List<Member> named = beside.stream().filter(m -> isNamedLike(m, ovf)).toList();
    List<Member> fitting = named.isEmpty() ? beside : named;
    if (fitting.size() > 1) {
      throw new AmbiguousImage(
          catalogue.source(),
          NAME,
          Fault.NOWHERE,
          MemberList.listing(fitting),
          "one",
          "Remove the one that is not of this OVF descriptor");
    }
    return fitting.stream().findFirst();
  }

  /** Whether two members differ only in their suffixes. */
  static boolean isNamedLike(Member manifest, Member ovf) {
    return stem(manifest).equals(stem(ovf));
  }

  private static String stem(Member member) {
    return member.name().substring(0, member.name().lastIndexOf('.'));
  }

  /**
   * Reads a manifest.
   *
   * @throws CorruptImage when a line cannot be read
   * @throws UnsupportedFeature when a line has another digest
   */
  static Manifest parse(String archive, Member member, byte[] content) throws IOException {
    String source = archive + "[" + member.name() + "]";
    var entries = new ArrayList<Entry>();
    var seen = new HashSet<String>();
    int number = 0;
    for (String line : new String(content, StandardCharsets.UTF_8).split("\r\n|\n|\r", -1)) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      Entry entry = entry(source, NAME + " line " + number, line, member);
      if (!seen.add(entry.promise().digest() + " " + entry.name())) {
        throw new CorruptImage(
            source,
            NAME + " line " + number,
            Fault.NOWHERE,
            Member.shown(entry.name()) + " again",
            "each file once");
      }
      entries.add(entry);
    }
    return new Manifest(source, List.copyOf(entries));
  }

  private static Entry entry(String source, String structure, String line, Member member)
      throws IOException {
    Matcher parts = LINE.matcher(line);
    if (!parts.matches()) {
      throw new CorruptImage(
          source,
          structure,
          Fault.NOWHERE,
          Member.shown(line),
          "SHA1, SHA256 or SHA512 (NAME)= HEX");
    }
    Digest digest =
        switch (parts.group(1).toUpperCase(Locale.ROOT).replace("-", "")) {
          case "SHA1" -> Digest.SHA1;
          case "SHA256" -> Digest.SHA256;
          case "SHA512" -> Digest.SHA512;
          default ->
              throw new UnsupportedFeature(
                  source,
                  structure,
                  Fault.NOWHERE,
                  "digest " + Member.shown(parts.group(1)),
                  "SHA1, SHA256, SHA512",
                  "Make the manifest again with one of these, or remove it");
        };
    String hex = parts.group(3).toLowerCase(Locale.ROOT);
    if (hex.length() != digest.digits()) {
      throw new CorruptImage(
          source,
          structure,
          Fault.NOWHERE,
          hex.length() + " hexadecimal digits",
          digest.digits() + " for " + digest.label());
    }
    String name = parts.group(2).strip();
    return new Entry(
        name.startsWith("./") ? name.substring(2) : name,
        new Promise(digest, hex, "the manifest " + member.shown()));
  }

  /** The digests it states. */
  Set<Digest> digests() {
    var result = EnumSet.noneOf(Digest.class);
    entries.forEach(e -> result.add(e.promise().digest()));
    return result;
  }

  /**
   * What it says about each member.
   *
   * @param folder in which the manifest lies
   * @throws CorruptImage when it says something about a file that is not there
   */
  Map<Member, List<Promise>> promises(String folder, List<Member> members) throws CorruptImage {
    var byName = new HashMap<String, Member>();
    members.forEach(m -> byName.putIfAbsent(m.name(), m));
    var result = new HashMap<Member, List<Promise>>();
    for (Entry entry : entries) {
      Member member = byName.get(folder + entry.name());
      if (member == null) {
        throw new CorruptImage(
            source,
            NAME,
            Fault.NOWHERE,
            Member.shown(entry.name()) + ", which is not in the archive",
            MemberList.listing(members),
            "The archive is incomplete; download or export it again");
      }
      result.computeIfAbsent(member, m -> new ArrayList<>()).add(entry.promise());
    }
    return result;
  }
}
