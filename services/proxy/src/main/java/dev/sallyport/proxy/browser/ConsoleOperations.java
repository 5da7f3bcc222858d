package dev.sallyport.proxy.browser;

import dev.sallyport.control.ConsoleAnswer;
import dev.sallyport.control.ConsoleApproval;
import dev.sallyport.control.ConsoleInfo;
import dev.sallyport.control.ConsoleSignIn;
import dev.sallyport.control.ConsoleTicket;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.admission.Rate;
import dev.sallyport.proxy.browser.api.ConsoleApprovalForm;
import dev.sallyport.proxy.browser.api.ConsoleRef;
import dev.sallyport.proxy.browser.api.ConsoleSignInForm;
import java.util.List;
import java.util.regex.Pattern;

/// What a command-line tool asks of the browser that it opened: the page shows who asks and from
/// where, the user proves who they are, and approves or rejects.
final class ConsoleOperations {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,128}");

  private final BrowserDesk desk;

  ConsoleOperations(BrowserDesk desk) {
    this.desk = desk;
  }

  List<Operation<?, ?>> all() {
    return List.of(
        Operation.post(
                "/console/open",
                "Who asks, from where, for what.",
                ConsoleRef.class,
                ConsoleInfo.class,
                (_, request) -> desk.consoleInfo(id(request.id())))
            .at(Rate.INVITE),
        Operation.post(
                "/console/sign-in",
                "Proves who sits at the browser, for this request alone.",
                ConsoleSignInForm.class,
                ConsoleTicket.class,
                this::signIn)
            .at(Rate.LOGIN),
        Operation.post(
                "/console/approve",
                "Approves; the answer says where the browser goes.",
                ConsoleApprovalForm.class,
                ConsoleAnswer.class,
                (visit, form) ->
                    desk.consoleApprove(
                        id(form.id()), new ConsoleApproval(form.ticket(), visit.address())))
            .at(Rate.INVITE),
        Operation.post(
                "/console/reject",
                "Rejects, for good.",
                ConsoleRef.class,
                ConsoleAnswer.class,
                (_, request) -> desk.consoleReject(id(request.id())))
            .at(Rate.INVITE));
  }

  private ConsoleTicket signIn(Visit visit, ConsoleSignInForm form) {
    var proof = form.proof();
    return desk.consoleSignIn(
        id(form.id()),
        new ConsoleSignIn(
            proof.user(), proof.password(), proof.totpCode(), proof.webauthn(), visit.address()));
  }

  private static String id(String text) {
    if (!ID.matcher(text).matches()) {
      throw new ControlException(ErrorKind.NOT_FOUND, "this request is not open any more");
    }
    return text;
  }
}
