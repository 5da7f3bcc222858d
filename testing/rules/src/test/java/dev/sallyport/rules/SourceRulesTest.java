package dev.sallyport.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Breaks every source rule once, to see that it is noticed, and comes close to some without
/// breaking them.
final class SourceRulesTest {
  private static final String MAIN = "libs/x/src/main/java/dev/sallyport/x/Thing.java";
  private static final String WIRING = "services/x/src/main/java/dev/sallyport/x/XWiring.java";
  private static final String TEST = "libs/x/src/test/java/dev/sallyport/x/ThingTest.java";
  private static final String CLI = "cli/x/src/main/java/dev/sallyport/x/Thing.java";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Instant.now();                  | take a Clock
          java.time.Instant.now();        | take a Clock
          System.currentTimeMillis();     | take a Clock
          var c = Clock.systemUTC();      | take a Clock
          ThreadLocalRandom.current();    | take a RandomGenerator
          Math.random();                  | take a RandomGenerator
          Thread.sleep(10);               | await the condition
          System.out.println();           | take the stream
          var b = signature.equals(x);    | MessageDigest.isEqual
          var b = x.equals(r.signature());| MessageDigest.isEqual
          """)
  void mainMayNotCall(String statement, String advice) throws IOException {
    assertThat(check(MAIN, "final class Thing { void m() { " + statement + " } }"))
        .singleElement()
        .asString()
        .startsWith(MAIN + ":1: ")
        .contains(advice);
  }

  @Test
  void clockHandedInIsFine() throws IOException {
    assertThat(check(MAIN, "class Thing { Object m(Clock clock) { return Instant.now(clock); } }"))
        .isEmpty();
  }

  @Test
  void wiringMakesTheClock() throws IOException {
    assertThat(check(WIRING, "class XWiring { Object c = Clock.systemUTC(); }")).isEmpty();
  }

  @Test
  void commandLinePrints() throws IOException {
    assertThat(check(CLI, "class Thing { void m() { System.out.println(); } }")).isEmpty();
  }

  @Test
  void testsMayReadTheClockButNotSleep() throws IOException {
    assertThat(check(TEST, "class ThingTest { Object t = Instant.now(); }")).isEmpty();
    assertThat(check(TEST, "class ThingTest { void m() { Thread.sleep(1); } }")).hasSize(1);
  }

  @Test
  void testsMayNotBeDisabled() throws IOException {
    assertThat(check(TEST, "class ThingTest { @Disabled void m() {} }"))
        .singleElement()
        .asString()
        .contains("mend it or delete it");
  }

  @ParameterizedTest
  @CsvSource({"ThingImpl", "ThingManager", "ThingUtil", "ThingUtils", "ThingHelper"})
  void emptyClassNames(String name) throws IOException {
    assertThat(check(MAIN, "class " + name + " {}")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"util", "common", "shared", "helper"})
  void emptyPackageNames(String name) throws IOException {
    assertThat(check(MAIN, "package dev.sallyport." + name + "; class Thing {}")).hasSize(1);
  }

  @Test
  void undoneWork() throws IOException {
    assertThat(check(MAIN, "// TO" + "DO later\nclass Thing {}")).hasSize(1);
    assertThat(check(MAIN, "// FIX" + "ME\nclass Thing {}")).hasSize(1);
    assertThat(check(MAIN, "// mastodons are fine\nclass Thing {}")).isEmpty();
  }

  @Test
  void longFile() throws IOException {
    assertThat(check(MAIN, "//\n".repeat(499) + "class Thing {}")).isEmpty();
    assertThat(check(MAIN, "//\n".repeat(500) + "class Thing {}")).hasSize(1);
  }

  @Test
  void longMethod() throws IOException {
    assertThat(check(MAIN, "class Thing { void m() {" + "\n".repeat(69) + "} }")).isEmpty();
    assertThat(check(MAIN, "class Thing { void m() {" + "\n".repeat(70) + "} }")).hasSize(1);
  }

  @Test
  void wideConstructor() throws IOException {
    var seven = "(int a, int b, int c, int d, int e, int f, int g)";
    assertThat(check(MAIN, "class Thing { Thing" + seven + " {} }")).hasSize(1);
    assertThat(check(MAIN, "class Thing { void m" + seven + " {} }")).isEmpty();
    assertThat(check(MAIN, "record Thing" + seven + " {}")).isEmpty();
    assertThat(check(MAIN, "record Thing" + seven + " { Thing {} }")).isEmpty();
  }

  @Test
  void packageWithoutInfo() throws IOException {
    assertThat(SourceRules.check(List.of(new SourceFile(MAIN, "class Thing {}"))))
        .singleElement()
        .asString()
        .contains("package-info.java");
  }

  private static List<Breach> check(String path, String text) throws IOException {
    var file = new SourceFile(path, text);
    var info = new SourceFile(file.folder() + "/package-info.java", "@NullMarked package p;");
    return SourceRules.check(List.of(file, info));
  }
}
