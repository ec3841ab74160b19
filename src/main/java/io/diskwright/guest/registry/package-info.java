/**
 * Hives of the Windows registry, read after "Windows registry file format specification" by M.
 * Suhanov.
 */
@NullMarked
package io.diskwright.guest.registry;

import org.jspecify.annotations.NullMarked;
