package dev.sallyport.proxy.web;

import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.SetPasswordRequest;
import dev.sallyport.model.Secret;
import dev.sallyport.proxy.admission.AddressLimiter;
import dev.sallyport.proxy.admission.Rate;
import dev.sallyport.proxy.web.InvitePages.Purpose;
import dev.sallyport.proxy.web.InvitePages.Subject;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// The pages behind the links that `tctl users add` and `tctl users reset` print.
///
/// The link's token is the only proof, so it is never logged, never told to other sites and never
/// cached; a link of one kind does not open the other's page. A page that another site had the
/// browser post is refused.
final class InviteRoutes {
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{1,128}");

  private final Supplier<WebFacts> facts;
  private final AuthDesk desk;
  private final AddressLimiter tries = new AddressLimiter(Rate.INVITE);

  InviteRoutes(Supplier<WebFacts> facts, AuthDesk desk) {
    this.facts = facts;
    this.desk = desk;
  }

  void addTo(RoutesConfig routes) {
    for (var purpose : Purpose.values()) {
      routes.get(purpose.path() + "{token}", context -> show(context, purpose));
      routes.post(purpose.path() + "{token}", context -> accept(context, purpose));
    }
  }

  private void show(Context context, Purpose purpose) {
    WebRoutes.limit(context, tries);
    var subject = subject(context, purpose);
    if (subject.isEmpty()) {
      gone(context);
    } else {
      WebRoutes.html(
          context, InvitePages.form(facts.get().clusterName(), subject.get(), List.of()));
    }
  }

  private void accept(Context context, Purpose purpose) {
    WebRoutes.limit(context, tries);
    refuseOtherSites(context);
    var form = FormBody.parse(RequestBody.read(context, FormBody.MEDIA_TYPE));
    var subject = subject(context, purpose);
    if (subject.isEmpty()) {
      gone(context);
      return;
    }
    var password = Secret.of(form.field("password").orElse(""));
    var faults = PasswordRules.faults(password, Secret.of(form.field("confirmation").orElse("")));
    if (!faults.isEmpty()) {
      again(context, subject.get(), faults);
      return;
    }
    try {
      var client = WebRoutes.client(context).getHostAddress();
      desk.setPassword(subject.get().token(), new SetPasswordRequest(password, client));
    } catch (ControlException e) {
      if (isGone(e)) {
        gone(context);
      } else if (e.kind() == ErrorKind.BAD_PARAMETER) {
        again(context, subject.get(), List.of(e.reason()));
      } else {
        throw e;
      }
      return;
    }
    WebRoutes.html(
        context,
        InvitePages.done(
            facts.get().clusterName(), subject.get().user(), facts.get().proxyAddress()));
  }

  private Optional<Subject> subject(Context context, Purpose purpose) {
    var token = context.pathParam("token");
    if (!TOKEN.matcher(token).matches()) {
      return Optional.empty();
    }
    try {
      var info = desk.invite(token);
      return info.kind().equals(purpose.name().toLowerCase(Locale.ROOT))
          ? Optional.of(new Subject(purpose, token, info.user(), info.expires()))
          : Optional.empty();
    } catch (ControlException e) {
      if (isGone(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static boolean isGone(ControlException e) {
    return switch (e.kind()) {
      case NOT_FOUND, ACCESS_DENIED, MFA_REQUIRED, COMPARE_FAILED -> true;
      case ALREADY_EXISTS, BAD_PARAMETER, LIMIT_EXCEEDED, UNAVAILABLE, INTERNAL -> false;
    };
  }

  /// Browsers say where a request comes from; programs do not say it, and need the token all the
  /// same.
  private static void refuseOtherSites(Context context) {
    var site = context.header("Sec-Fetch-Site");
    if (site != null && !Set.of("same-origin", "none").contains(site)) {
      throw new ControlException(
          ErrorKind.ACCESS_DENIED, "this form was sent by another site; open your link again");
    }
  }

  private void again(Context context, Subject subject, List<String> faults) {
    context.status(400);
    WebRoutes.html(context, InvitePages.form(facts.get().clusterName(), subject, faults));
  }

  private void gone(Context context) {
    context.status(404);
    WebRoutes.html(context, InvitePages.gone(facts.get().clusterName()));
  }
}
