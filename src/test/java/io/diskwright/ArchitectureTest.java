package io.diskwright;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows of docs/architecture.md: downwards only, siblings blind to each other. */
@AnalyzeClasses(packages = "io.diskwright", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule everyArrowPointsDown =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("cli")
          .definedBy("io.diskwright.cli..")
          .layer("api")
          .definedBy("io.diskwright")
          .layer("report")
          .definedBy("io.diskwright.report..")
          .layer("convert")
          .definedBy("io.diskwright.convert..")
          .layer("prepare")
          .definedBy("io.diskwright.prepare..")
          .layer("validate")
          .definedBy("io.diskwright.validate..")
          .optionalLayer("guest")
          .definedBy("io.diskwright.guest..")
          .layer("extract")
          .definedBy("io.diskwright.extract..")
          .layer("filesystem")
          .definedBy("io.diskwright.filesystem..")
          .layer("volume")
          .definedBy("io.diskwright.volume..")
          .layer("target")
          .definedBy("io.diskwright.target..")
          .layer("format")
          .definedBy("io.diskwright.format..")
          .layer("vhd")
          .definedBy("io.diskwright.vhd..")
          .layer("crypt")
          .definedBy("io.diskwright.crypt..")
          .layer("source")
          .definedBy("io.diskwright.source..")
          .layer("disk")
          .definedBy("io.diskwright.disk..")
          .layer("io")
          .definedBy("io.diskwright.io..")
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("api")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("report")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("convert")
          .mayOnlyBeAccessedByLayers("cli", "api")
          .whereLayer("prepare")
          .mayOnlyBeAccessedByLayers("cli", "convert")
          .whereLayer("validate")
          .mayOnlyBeAccessedByLayers("cli", "api", "report", "convert")
          .whereLayer("guest")
          .mayOnlyBeAccessedByLayers("cli", "validate", "report")
          .whereLayer("volume")
          .mayOnlyBeAccessedByLayers("cli", "prepare", "validate", "guest")
          .whereLayer("extract")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("extract")
          .mayOnlyAccessLayers("filesystem", "io")
          .whereLayer("filesystem")
          .mayOnlyBeAccessedByLayers("cli", "validate", "guest", "extract")
          .whereLayer("filesystem")
          .mayOnlyAccessLayers("disk", "io")
          .whereLayer("target")
          .mayOnlyBeAccessedByLayers("cli", "api", "convert")
          .whereLayer("format")
          .mayOnlyBeAccessedByLayers("cli", "api", "convert")
          .whereLayer("vhd")
          .mayOnlyBeAccessedByLayers("format", "target", "validate", "prepare")
          .whereLayer("crypt")
          .mayOnlyBeAccessedByLayers("format")
          .whereLayer("crypt")
          .mayOnlyAccessLayers("disk", "io")
          .whereLayer("source")
          .mayOnlyAccessLayers("disk", "io")
          .whereLayer("disk")
          .mayOnlyAccessLayers("io")
          .whereLayer("io")
          .mayNotAccessAnyLayer();

  @ArchTest
  static final ArchRule noFormatSeesAnother =
      slices().matching("io.diskwright.format.(*)..").should().notDependOnEachOther();

  @ArchTest
  static final ArchRule noFilesystemSeesAnother =
      slices().matching("io.diskwright.filesystem.(*)..").should().notDependOnEachOther();

  @ArchTest
  static final ArchRule noCycles =
      slices().matching("io.diskwright.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule onlyIoCallsNativeCode =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.diskwright.io..")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.lang.foreign.Linker");

  @ArchTest
  static final ArchRule onlyTheCommandLinePrintsExitsOrParsesArguments =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.diskwright.cli..")
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err")
          .orShould()
          .callMethod(System.class, "exit", int.class)
          .orShould()
          .dependOnClassesThat()
          .resideInAPackage("picocli..");
}
