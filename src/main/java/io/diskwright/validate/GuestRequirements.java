package io.diskwright.validate;

import java.util.List;

/**
 * What an importer asks of the guest's own files.
 *
 * @param rootFilesystems that the root of Linux may be on, in blkid's words; empty for any
 * @param toleratedFilesystems that it may be on with a warning
 * @param unwantedFeatures of filesystems, in the words of their own tools; with a plus between two
 *     that are unwanted together
 * @param leastFree bytes that must be free on the root
 * @param lowFree bytes below which free space is low
 * @param lowFreePercent of the filesystem below which free space is low
 * @param windowsLeastFree bytes that must be free on the system volume of Windows
 * @param drivers the kinds of machine whose drivers are asked for: {@code kvm}, {@code xen}, {@code
 *     hyperv}, {@code ena}, {@code nvme}
 * @param datasource of cloud-init, empty when none is asked for
 * @param systems the name of the list of operating systems it knows, empty for all
 */
public record GuestRequirements(
    List<String> rootFilesystems,
    List<String> toleratedFilesystems,
    List<String> unwantedFeatures,
    long leastFree,
    long lowFree,
    int lowFreePercent,
    long windowsLeastFree,
    List<String> drivers,
    String datasource,
    String systems) {

  /** Takes copies of the lists. */
  public GuestRequirements {
    rootFilesystems = List.copyOf(rootFilesystems);
    toleratedFilesystems = List.copyOf(toleratedFilesystems);
    unwantedFeatures = List.copyOf(unwantedFeatures);
    drivers = List.copyOf(drivers);
  }

  static GuestRequirements of(Resource data) {
    return new GuestRequirements(
        data.texts("rootFilesystems"),
        data.texts("toleratedFilesystems"),
        data.texts("unwantedFeatures"),
        data.number("leastFree"),
        data.number("lowFree"),
        (int) data.number("lowFreePercent"),
        data.number("windowsLeastFree"),
        data.texts("drivers"),
        data.text("datasource"),
        data.text("systems"));
  }
}
