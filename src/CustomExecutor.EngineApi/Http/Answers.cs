using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using CustomExecutor.EngineApi.Faults;
using CustomExecutor.EngineApi.Json;
using CustomExecutor.EngineApi.Progress;
using Microsoft.AspNetCore.Http;

namespace CustomExecutor.EngineApi.Http;

/// <summary>A failure as docker's clients read it.</summary>
internal sealed record ApiError([property: JsonPropertyName("message")] string Message);

/// <summary>The JSON shapes of answers without a type of their own.</summary>
[JsonSerializable(typeof(ApiError))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(JsonArray))]
internal sealed partial class AnswersJson : JsonSerializerContext;

/// <summary>Writes answers.</summary>
internal static class Answers
{
    public static async Task Json<T>(ApiRequest request, T value, JsonTypeInfo<T> shape, int status = 200)
    {
        var text = JsonBytes.Of(value, shape);
        var response = request.Context.Response;
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = text.Length;
        if (!HttpMethods.IsHead(request.Context.Request.Method))
            await response.Body.WriteAsync(text, request.Cancellation);
    }

    public static Task Json(ApiRequest request, JsonObject value, int status = 200) =>
        Json(request, value, AnswersJson.Default.JsonObject, status);

    public static Task Json(ApiRequest request, JsonArray value) => Json(request, value, AnswersJson.Default.JsonArray);

    public static Task Error(ApiRequest request, EngineException error) =>
        Json(request, new ApiError(error.Message), AnswersJson.Default.ApiError, error.Status);

    /// <summary>
    /// Answers with lines of progress. A failure before the first is an answer of its own; a later one is the last
    /// line.
    /// </summary>
    public static async Task Progress(ApiRequest request, Func<ProgressLog, Task> work)
    {
        var response = request.Context.Response;
        response.ContentType = "application/json";
        using var log = new ProgressLog(response.Body);
        try
        {
            await work(log);
        }
        catch (EngineException e) when (response.HasStarted)
        {
            await log.Write(ProgressLine.Failed(e.Message), request.Cancellation);
        }
    }
}
