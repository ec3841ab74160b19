package io.diskwright.filesystem;

import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.io.IOException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A node and the directories through which it was reached, links resolved.
 *
 * @param parent null for the root
 * @param name empty for the root
 */
record Located(@Nullable Located parent, String name, Node node) {

  static Located root(Node node) {
    return new Located(null, "", node);
  }

  /**
   * The node under a name of this directory. A directory that says it lies elsewhere is refused,
   * since a walk through it could come back here: hard links to directories make loops, and,
   * without any loop, more paths than there is time for.
   */
  Located child(String childName, Node child) throws IOException {
    if (child.attributes().kind() == FileKind.DIRECTORY) {
      OptionalLong parentNumber = child.parentNumber();
      boolean elsewhere = parentNumber.isPresent() && parentNumber.getAsLong() != node.number();
      if (elsewhere || isSelfOrAncestor(child)) {
        throw new CorruptImage(
            child.tree().describe(),
            "directory " + child.number(),
            Fault.NOWHERE,
            "entry '"
                + childName
                + "' of directory "
                + node.number()
                + " leads to it"
                + (elsewhere ? ", its parent is " + parentNumber.getAsLong() : ""),
            "one entry that leads to a directory, in its parent",
            "Check the filesystem inside the guest");
      }
    }
    return new Located(this, childName, child);
  }

  /** The path from the root, with slashes. */
  String path() {
    if (parent == null) {
      return "/";
    }
    return parent.parent == null ? "/" + name : parent.path() + "/" + name;
  }

  private boolean isSelfOrAncestor(Node other) {
    for (Located at = this; at != null; at = at.parent) {
      if (at.node.tree() == other.tree() && at.node.number() == other.number()) {
        return true;
      }
    }
    return false;
  }
}
