/** Recognising image formats by content and opening them; one sub-package a format. */
@NullMarked
package io.diskwright.format;

import org.jspecify.annotations.NullMarked;
