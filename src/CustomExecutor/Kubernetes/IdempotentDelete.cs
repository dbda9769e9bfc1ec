namespace CustomExecutor.Kubernetes;

/// <summary>Deletes an object that an earlier try, or somebody else, may have deleted already.</summary>
internal static class IdempotentDelete
{
    /// <summary>Deletes it; that it is gone already is fine.</summary>
    /// <returns>False if it was gone.</returns>
    public static async Task<bool> Run<T>(Func<Task<T>> delete)
    {
        try
        {
            await delete();
            return true;
        }
        catch (Exception e) when (ApiExceptions.IsNotFound(e))
        {
            return false;
        }
    }
}
