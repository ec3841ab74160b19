package io.diskwright.guest.os;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What Windows alone has.
 *
 * @param systemRoot its directory inside the guest: {@code /Windows}
 * @param product the product without its edition: {@code Windows Server 2019}; empty when it is not
 *     known whether it is a server
 * @param productName as the registry has it, which for Windows 11 is {@code Windows 10 …}
 * @param edition {@code EditionID}; before Windows Vista what the product suites say
 * @param major of the kernel's version: 5, 6 or 10
 * @param minor of the kernel's version
 * @param build {@code CurrentBuildNumber}
 * @param revision {@code UBR}
 * @param displayVersion {@code 22H2}, before that {@code 1809}
 * @param installationType {@code Client}, {@code Server}, {@code Server Core}, {@code Nano Server}
 * @param productType {@code WinNT} for clients, {@code ServerNT}, {@code LanmanNT} for domain
 *     controllers
 * @param servicePack {@code Service Pack 1}
 * @param controlSet the number of the control set that is the current one
 */
public record WindowsFacts(
    String systemRoot,
    Optional<String> product,
    Optional<String> productName,
    Optional<String> edition,
    OptionalInt major,
    OptionalInt minor,
    OptionalInt build,
    OptionalLong revision,
    Optional<String> displayVersion,
    Optional<String> installationType,
    Optional<String> productType,
    Optional<String> servicePack,
    OptionalInt controlSet) {}
