package dev.sallyport.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Holds the rules against a small product under `broken`, which breaks each of them.
final class ModuleRulesTest {
  private static final String ROOT = "dev.sallyport.rules.broken";
  private static final JavaClasses BROKEN = new ClassFileImporter().importPackages(ROOT);

  private final ModuleRules rules = new ModuleRules(ROOT);

  @Test
  void model() {
    caught(rules.modelKnowsOnlyTheJdk(), "ObjectMapper");
    caught(rules.pureModulesDoNoInputOutput(), "java.nio.file.Files");
  }

  @Test
  void policy() {
    caught(rules.policySees(), "policy.Decision");
  }

  @Test
  void net() {
    caught(rules.netKnowsNoDomain(), "SignedRequest");
    caught(rules.eventLoopsDoNotWait(), "join");
    caught(rules.nettyStaysInItsModules(), "Unpooled");
  }

  @Test
  void aws() {
    caught(rules.awsKnowsNoDomain(), "aws.Source");
  }

  @Test
  void services() {
    caught(rules.onlyLauncherSeesServices("auth"), "proxy.Front");
    caught(rules.proofsLiveInAgent(), "SignedRequest");
    caught(rules.shippedSeesNoTesting(), "Assertions");
  }

  @Test
  void commandLine() {
    caught(rules.commandLineSeesNoService(), "tsh.Command");
  }

  @Test
  void defaultOverSealedType() throws IOException {
    var text =
        """
        package dev.sallyport.x;
        sealed interface Shape {
          record Round() implements Shape {}
          record Square() implements Shape {}
          static int corners(Shape shape) {
            return switch (shape) {
              case Square s -> 4;
              default -> 0;
            };
          }
          static int letters(String text) {
            return switch (text) {
              case "a" -> 1;
              default -> 0;
            };
          }
        }
        """;
    var file = new SourceFile("libs/x/src/main/java/dev/sallyport/x/Shape.java", text);
    assertThat(SealedSwitchRule.check(List.of(file)))
        .singleElement()
        .asString()
        .contains("Shape.java:8: ", "name every case");
  }

  private static void caught(ArchRule rule, String named) {
    assertThatThrownBy(() -> rule.check(BROKEN))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(named)
        .hasMessageContaining("because");
  }
}
