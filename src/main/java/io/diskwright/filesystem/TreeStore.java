package io.diskwright.filesystem;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileStoreAttributeView;
import org.jspecify.annotations.Nullable;

/** A filesystem as the JDK's view of a place that holds files. */
final class TreeStore extends FileStore {

  private final FileTree tree;

  TreeStore(FileTree tree) {
    this.tree = tree;
  }

  @Override
  public String name() {
    return tree.describe();
  }

  @Override
  public String type() {
    return tree.type();
  }

  @Override
  public boolean isReadOnly() {
    return true;
  }

  @Override
  public long getTotalSpace() throws IOException {
    return tree.facts().size();
  }

  @Override
  public long getUsableSpace() {
    return 0;
  }

  @Override
  public long getUnallocatedSpace() throws IOException {
    FilesystemFacts facts = tree.facts();
    return facts.freeBlocks() * facts.blockSize();
  }

  @Override
  public long getBlockSize() throws IOException {
    return tree.facts().blockSize();
  }

  @Override
  public boolean supportsFileAttributeView(Class<? extends FileAttributeView> type) {
    return TreeViews.supports(type);
  }

  @Override
  public boolean supportsFileAttributeView(String name) {
    return TreeAttributes.VIEWS.contains(name);
  }

  @Override
  public <V extends FileStoreAttributeView> @Nullable V getFileStoreAttributeView(Class<V> type) {
    return null;
  }

  @Override
  public Object getAttribute(String attribute) {
    throw new UnsupportedOperationException(attribute);
  }
}
