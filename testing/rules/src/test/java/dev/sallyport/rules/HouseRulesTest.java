package dev.sallyport.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Holds the whole tree to the house rules. There is no list of exceptions: a new rule comes with
/// the mending of what breaks it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HouseRulesTest {
  private JavaClasses product = new ClassFileImporter().importPackages("dev.sallyport.none");

  @BeforeAll
  void readProduct() {
    product =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.sallyport");
  }

  @Test
  void seesTheProduct() {
    assertThat(product.contain("dev.sallyport.model.Secret")).isTrue();
  }

  @Test
  void sourcesKeepTheRules() throws IOException {
    var files = SourceTree.all();
    assertThat(files).hasSizeGreaterThan(20);
    assertThat(SourceRules.check(files)).isEmpty();
  }

  @Test
  void switchesOverSealedTypesAreExhaustive() throws IOException {
    var shipped = SourceTree.all().stream().filter(SourceFile::shipped).toList();
    assertThat(SealedSwitchRule.check(shipped)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource
  void modulesSeeOnlyWhatTheyMay(ArchRule rule) {
    rule.check(product);
  }

  static Stream<ArchRule> modulesSeeOnlyWhatTheyMay() {
    return new ModuleRules("dev.sallyport").all().stream();
  }
}
