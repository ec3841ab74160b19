/** Rendering a validation for people and programs. */
@NullMarked
package io.diskwright.report;

import org.jspecify.annotations.NullMarked;
