package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.awaitility.Awaitility;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.ElementClickInterceptedException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.virtualauthenticator.VirtualAuthenticator;
import org.openqa.selenium.virtualauthenticator.VirtualAuthenticatorOptions;

/**
 * A person at a real Chromium without a window: finds things by what is written on them. Trusts one
 * server. Needs {@code chromium} and {@code chromedriver} on the machine.
 */
final class Browser implements AutoCloseable {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Dimension DESK = new Dimension(1200, 900);
  private static final Dimension PHONE = new Dimension(390, 844);

  private final ChromeDriver driver;
  private final Path pictures;

  private Browser(ChromeDriver driver, Path pictures) {
    this.driver = driver;
    this.pictures = pictures;
  }

  /** Whether this machine has what a browser needs. */
  static boolean installed() {
    return Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER);
  }

  /**
   * Starts one with an empty profile.
   *
   * @param server the PEM file of the one server certificate that is trusted
   * @param pictures where {@link #picture} puts files
   */
  static Browser start(Path profile, Path server, Path pictures) throws IOException {
    ChromeOptions options = new ChromeOptions().setBinary(CHROMIUM.toFile());
    options.addArguments(
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--force-prefers-reduced-motion",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--user-data-dir=" + profile,
        "--ignore-certificate-errors-spki-list=" + keyHash(server));
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(DRIVER.toFile())
            .usingAnyFreePort()
            .build();
    Browser browser = new Browser(new ChromeDriver(service, options), pictures);
    browser.driver.manage().window().setSize(DESK);
    Files.createDirectories(pictures);
    return browser;
  }

  private static String keyHash(Path certificate) throws IOException {
    try (InputStream in = Files.newInputStream(certificate)) {
      byte[] key =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(in)
              .getPublicKey()
              .getEncoded();
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  /** Plugs in a key that can hold passkeys and that its owner touches at once. */
  VirtualAuthenticator plugInKey() {
    return driver.addVirtualAuthenticator(
        new VirtualAuthenticatorOptions()
            .setProtocol(VirtualAuthenticatorOptions.Protocol.CTAP2)
            .setTransport(VirtualAuthenticatorOptions.Transport.USB)
            .setHasResidentKey(true)
            .setHasUserVerification(true)
            .setIsUserVerified(true));
  }

  /** Goes to an address. */
  void open(String address) {
    driver.get(address);
  }

  /** Waits for the page or dialog with this heading. */
  void awaitHeading(String heading) {
    await("//*[self::h1 or self::h2][normalize-space()=" + quoted(heading) + "]");
  }

  /** Waits until this is to be read on the page. */
  void awaitText(String text) {
    Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(text()).contains(text));
  }

  /** What is to be read on the page. */
  String text() {
    return await("//body").getText();
  }

  /** Replaces what the field with this label holds. */
  void type(String label, String text) {
    WebElement field = await("//*[@id=//label[normalize-space()=" + quoted(label) + "]/@for]");
    field.clear();
    field.sendKeys(text);
  }

  /** Chooses the radio button with this label. */
  void choose(String label) {
    String path = "//label[starts-with(normalize-space(), " + quoted(label) + ")]";
    Awaitility.await("the choice \"" + label + "\"")
        .atMost(PATIENCE)
        .ignoreExceptionsMatching(Browser::moving)
        .until(() -> {
          await(path).click();
          return true;
        });
  }

  /** Presses the button, or follows the link, with exactly this text. */
  void press(String text) {
    String named = "normalize-space()=%1$s or @aria-label=%1$s".formatted(quoted(text));
    String path = "//button[not(@disabled)][%1$s] | //a[%1$s] | //summary[%1$s]".formatted(named);
    Awaitility.await("the button \"" + text + "\"")
        .atMost(PATIENCE)
        .ignoreExceptionsMatching(Browser::moving)
        .until(() -> {
          List<WebElement> found =
              driver.findElements(By.xpath(path)).stream().filter(WebElement::isDisplayed).toList();
          if (found.isEmpty()) {
            return false;
          }
          found.getLast().click();
          return true;
        });
  }

  /** A string of XPath 1.0, which knows no escapes. */
  private static String quoted(String text) {
    return text.contains("'") ? '"' + text + '"' : "'" + text + "'";
  }

  /** Whether the page was changing under the hand. */
  private static boolean moving(Throwable fault) {
    return fault instanceof StaleElementReferenceException
        || fault instanceof ElementClickInterceptedException;
  }

  /** The text of the element that this CSS selector names. */
  String read(String css) {
    Awaitility.await(css)
        .atMost(PATIENCE)
        .until(() -> !driver.findElements(By.cssSelector(css)).isEmpty());
    return driver.findElement(By.cssSelector(css)).getText();
  }

  private WebElement await(String path) {
    Awaitility.await(path)
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(driver.findElements(By.xpath(path)))
                .describedAs(() -> driver.findElement(By.tagName("body")).getText())
                .isNotEmpty());
    return driver.findElement(By.xpath(path));
  }

  /** Takes pictures of the page on a desk, in the dark, and on a phone. */
  void picture(String name) throws IOException {
    shoot(name);
    driver.executeCdpCommand("Emulation.setEmulatedMedia", scheme("dark"));
    shoot(name + "-dark");
    driver.executeCdpCommand("Emulation.setEmulatedMedia", scheme("light"));
    driver.manage().window().setSize(PHONE);
    shoot(name + "-phone");
    Object overflow =
        driver.executeScript(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth");
    driver.manage().window().setSize(DESK);
    assertThat(((Number) java.util.Objects.requireNonNull(overflow)).intValue())
        .describedAs("pixels that %s is wider than a phone", name)
        .isZero();
  }

  private static Map<String, Object> scheme(String value) {
    return Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", value)));
  }

  private void shoot(String name) throws IOException {
    Files.write(pictures.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
  }

  /** Complaints of the browser so far: errors of scripts, and what the page's policy forbade. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(LogEntry::getMessage)
        .toList();
  }

  /** The addresses of all that the page loaded. */
  List<?> loaded() {
    return (List<?>)
        java.util.Objects.requireNonNull(
            driver.executeScript(
                "return performance.getEntriesByType('resource').map(entry => entry.name)"));
  }

  @Override
  public void close() {
    driver.quit();
  }
}
