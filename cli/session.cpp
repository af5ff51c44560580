#include "cli/session.hpp"

#include "cli/problem.hpp"
#include "common/http/client.hpp"

#include <algorithm>
#include <fstream>
#include <ostream>
#include <random>

namespace sluice::cli {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr std::size_t answer_size_max = 16 << 20;
constexpr auto not_ready = 503;

std::string url_setting(Door door) { return door == Door::console ? "SLUICE_CONSOLE_URL" : "SLUICE_REGISTRY_URL"; }

std::string token_setting(Role role) {
    switch (role) {
        case Role::auditor: return "SLUICE_TOKEN_AUDITOR";
        case Role::reviewer: return "SLUICE_TOKEN_REVIEWER_1";
        case Role::operators: return "SLUICE_TOKEN_OPERATOR";
    }
    return {};
}

std::string token_setting(const std::string& who) {
    std::string name = "SLUICE_TOKEN_";
    for (const char c : who) name += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return name;
}

std::string without_blanks(std::string text) {
    std::erase_if(text, [](unsigned char c) { return c <= ' '; });
    return text;
}

std::string fresh_key() {
    std::random_device random;
    std::string key;
    for (int i = 0; i < 4; ++i) key += std::to_string(random()) + (i < 3 ? "-" : "");
    return key;
}

// The server gives up a little before we do: so we hear from it what became of the request.
std::string deadline_ms(std::chrono::seconds timeout) {
    return std::to_string(std::min<std::int64_t>(milliseconds{timeout}.count() - 500, 60'000));
}

Ended no_answer(const core::Failure& failure, const std::string& setting, const std::string& url, bool late) {
    auto text = failure.what + " (" + url + ")";
    text += late ? "; give it more with --timeout SECONDS, or see what it says with ./dev logs"
                 : "; start the services with ./dev up, or set " + setting;
    return {late ? Exit::late : Exit::failure, text};
}

}  // namespace

Session::Session(Surroundings& around, Common common)
    : around_{around}, common_{std::move(common)}, settings_{around.environment, around.folder} {}

std::string Session::ask(const Ask& ask) {
    auto [status, body] = send(ask);
    if (status < 200 || status > 299) throw Refused{read_problem(status, body)};
    return std::move(body);
}

std::optional<std::string> Session::find(const Ask& ask) {
    try {
        return this->ask(ask);
    } catch (const Refused& refused) {
        if (refused.problem.status == 404) return std::nullopt;
        throw;
    }
}

Exit Session::print_json(const std::string& body) {
    out() << body << (body.ends_with('\n') ? "" : "\n");
    return Exit::ok;
}

std::pair<int, std::string> Session::send(const Ask& ask) {
    auto url = settings_.get(url_setting(ask.door));
    while (url.ends_with('/')) url.pop_back();
    last_asked_ = ask.method + " " + url + ask.path;
    http::ClientRequest request;
    request.method = ask.method, request.url = url + ask.path;
    request.body = ask.body, request.body_max = answer_size_max;
    request.headers = {{"Authorization", "Bearer " + token_for(ask.as)}, {"X-Deadline-Ms", deadline_ms(timeout())}};
    if (ask.method != "GET") request.headers.emplace_back("Idempotency-Key", fresh_key());

    const auto end = std::chrono::steady_clock::now() + timeout();
    for (std::int64_t attempt = 1;; ++attempt) {
        const auto left = std::chrono::duration_cast<milliseconds>(end - std::chrono::steady_clock::now());
        auto answer = http::fetch(request, std::max(left, 1ms));
        const bool late = std::chrono::steady_clock::now() + 5ms >= end;  // its timer counts whole milliseconds
        if (!answer) throw no_answer(answer.failure(), url_setting(ask.door), url, late);
        if (answer->status != not_ready || late || attempt >= timeout().count())
            return {answer->status, std::move(answer->body)};
        around_.sleep(1s);
    }
}

std::string Session::token_for(Role role) const {
    if (!common_.as.empty()) return settings_.get(token_setting(common_.as));
    if (const auto token = settings_.find("SLUICE_TOKEN")) return *token;
    if (const auto file = settings_.find("SLUICE_TOKEN_FILE")) return token_in_file(*file);
    if (const auto token = settings_.find(token_setting(role))) return *token;
    throw Ended{Exit::failure,
                "there is no token to ask with; put one into a file and name it in SLUICE_TOKEN_FILE, "
                "or start the services with ./dev up"};
}

std::string Session::token_in_file(const std::string& path) const {
    std::ifstream in{around_.folder / path};
    std::string token;
    if (!std::getline(in, token) || without_blanks(token).empty())
        throw Ended{Exit::failure, "no token can be read from " + path + "; SLUICE_TOKEN_FILE names a file with one"};
    return without_blanks(token);
}

}  // namespace sluice::cli
