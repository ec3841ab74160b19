/** What a kernel can drive: its modules, its configuration and its initramfs. */
@NullMarked
package io.diskwright.guest.kernel;

import org.jspecify.annotations.NullMarked;
