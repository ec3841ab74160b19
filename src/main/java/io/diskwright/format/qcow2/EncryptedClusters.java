package io.diskwright.format.qcow2;

import io.diskwright.crypt.Decryption;
import io.diskwright.disk.Extent;
import java.io.IOException;

/**
 * Clusters whose bytes are encrypted. Compressed ones are not, although qemu writes them into
 * encrypted images when it is told to.
 */
record EncryptedClusters(StoredClusters encrypted, Decryption decryption)
    implements StoredClusters {

  @Override
  public Extent data(Place place, L2Entry entry, long length) throws IOException {
    Extent extent = encrypted.data(place, entry, length);
    return extent instanceof Extent.Data data ? decryption.decrypted(data, data.length()) : extent;
  }

  @Override
  public Extent compressed(Place place, long descriptor) throws IOException {
    return encrypted.compressed(place, descriptor);
  }
}
