#include "services/serving/api/invocation.hpp"

#include "common/http/problem.hpp"

#include <nlohmann/json.hpp>

#include <set>
#include <unordered_map>

namespace sluice::serving {
namespace {

using nlohmann::json;

constexpr auto forms = "dataframe_split, dataframe_records or instances";

/// Thrown inside of read_invocation(), where it becomes the answer.
struct Wrong {
    Mistake mistake;
};

[[noreturn]] void refuse(const char* code, std::string detail) { throw Wrong{{code, std::move(detail), {}}}; }

Cell cell_of(const json& value) {
    switch (value.type()) {
        case json::value_t::null: return Null{};
        case json::value_t::number_float: return value.get<double>();
        case json::value_t::number_integer: return value.get<std::int64_t>();
        case json::value_t::number_unsigned:
            if (const auto whole = value.get<std::uint64_t>(); whole <= INT64_MAX)
                return static_cast<std::int64_t>(whole);
            return value.get<double>();
        case json::value_t::string: return value.get<std::string>();
        case json::value_t::boolean:
        case json::value_t::array:
        case json::value_t::object:
        case json::value_t::binary:
        case json::value_t::discarded: break;
    }
    return Other{};
}

void check_size(const std::string& field, std::size_t rows, std::size_t columns) {
    if (rows == 0) refuse("no_rows", field + " has no rows; send at least one");
    if (columns == 0) refuse("no_columns", field + " has no columns; name each value's column");
    if (rows > rows_max)
        refuse("too_many_rows",
               field + " has " + std::to_string(rows) + " rows; send at most " + std::to_string(rows_max) + " at once");
    if (columns > columns_max || rows * columns > cells_max)
        refuse("too_many_cells", field + " has " + std::to_string(rows) + " rows of " + std::to_string(columns) +
                                     " columns; send at most " + std::to_string(columns_max) + " columns and " +
                                     std::to_string(cells_max) + " cells at once");
}

std::vector<std::string> columns_of(const json& names) {
    std::vector<std::string> columns;
    std::set<std::string> known;
    for (const auto& name : names) {
        if (!name.is_string())
            refuse("malformed",
                   "dataframe_split.columns: column " + std::to_string(columns.size()) + " has no name; give a string");
        columns.push_back(name.get<std::string>());
        if (!known.insert(columns.back()).second)
            refuse("doubled_column", "dataframe_split.columns: " + columns.back() + " stands there twice; leave one");
    }
    return columns;
}

Table read_split(const json& split) {
    if (!split.is_object() || !split.contains("columns") || !split["columns"].is_array() || !split.contains("data") ||
        !split["data"].is_array())
        refuse("malformed", "dataframe_split holds columns, a list of names, and data, a list of rows; give both");
    Table table{columns_of(split["columns"])};
    const auto width = table.columns().size();
    check_size("dataframe_split", split["data"].size(), width);
    for (const auto& row : split["data"]) {
        if (!row.is_array() || row.size() != width)
            refuse("wrong_columns", "dataframe_split.data: row " + std::to_string(table.rows()) + " is no list of " +
                                        std::to_string(width) + " values; give one for each of columns");
        table.add_row();
        for (std::size_t i = 0; i < width; ++i) table.last(i) = cell_of(row[i]);
    }
    return table;
}

Table read_records(const std::string& field, const json& records) {
    if (!records.is_array()) refuse("malformed", field + " is a list of objects, one a row; give such a list");
    std::vector<std::string> names;
    std::unordered_map<std::string, std::size_t> columns;
    for (std::size_t row = 0; row < records.size(); ++row) {
        if (!records[row].is_object())
            refuse("wrong_columns", field + ": row " + std::to_string(row) +
                                        " is no object with a name for each value; name them, or send dataframe_split");
        for (const auto& [name, value] : records[row].items())
            if (columns.try_emplace(name, names.size()).second) names.push_back(name);
    }
    check_size(field, records.size(), names.size());
    Table table{std::move(names)};
    for (const auto& record : records) {
        table.add_row();
        for (const auto& [name, value] : record.items()) table.last(columns.at(name)) = cell_of(value);
    }
    return table;
}

/// The one field that holds the rows.
std::string form_of(const json& body) {
    std::string form;
    for (const auto& [name, value] : body.items()) {
        const bool known = name == "dataframe_split" || name == "dataframe_records" || name == "instances";
        if (!known && !(name == "params" && value.empty()))  // MLflow's clients may send it empty
            refuse("malformed", "there is a field " + name.substr(0, 100) + "; send exactly one field, " + forms);
        if (known && !form.empty())
            refuse("malformed", "there are " + form + " and " + name + "; send exactly one of " + forms);
        if (known) form = name;
    }
    if (form.empty()) refuse("malformed", std::string("there are no rows; send exactly one of ") + forms);
    return form;
}

Table read(const std::string& text) {
    const auto body = json::parse(text, nullptr, false);
    if (body.is_discarded())
        refuse("malformed", "the body is no JSON (RFC 8259: neither NaN nor Infinity); write null for a missing value");
    if (!body.is_object()) refuse("malformed", std::string("the body is no JSON object; send one with ") + forms);
    const auto form = form_of(body);
    return form == "dataframe_split" ? read_split(body[form]) : read_records(form, body[form]);
}

void name_version(http::Response& response, const Assigned& assigned) {
    auto& headers = response.headers;
    headers.emplace_back("Sluice-Version",
                         assigned.version.model.text + "/" + std::to_string(assigned.version.version));
    headers.emplace_back("Sluice-Route-Revision", std::to_string(assigned.revision));
    headers.emplace_back("Sluice-Arm", std::string(core::name_of(assigned.arm)));
    if (assigned.own_entity) headers.emplace_back("Sluice-Entity-Assigned", "request");
}

http::Response predictions(const std::vector<float>& scores) {
    auto list = json::array();
    for (const float score : scores) list.push_back({{"score", static_cast<double>(score)}});
    return {.body = json{{"predictions", std::move(list)}}.dump()};
}

}  // namespace

std::variant<Table, Mistake> read_invocation(const std::string& body) try {
    return read(body);
} catch (const Wrong& wrong) {
    return wrong.mistake;
}

http::Response write_answer(const Answer& answer) {
    const auto* trouble = std::get_if<Trouble>(&answer.outcome);
    auto response = trouble ? http::problem(trouble->status, trouble->code, trouble->title, trouble->detail)
                            : predictions(std::get<0>(answer.outcome));
    if (trouble && trouble->retry) response.headers.emplace_back("Retry-After", "1");
    if (answer.assigned) name_version(response, *answer.assigned);
    return response;
}

}  // namespace sluice::serving
