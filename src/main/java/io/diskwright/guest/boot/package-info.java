/** How a guest is started: the configuration of its boot loader. */
@NullMarked
package io.diskwright.guest.boot;

import org.jspecify.annotations.NullMarked;
