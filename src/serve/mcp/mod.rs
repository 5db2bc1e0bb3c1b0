//! The Model Context Protocol: the same search as tools and resources, over standard streams and over HTTP. A wrong
//! argument is an answer that says what to change; errors of the protocol are only for the protocol.

mod address;
mod budget;
mod echo;
mod fetch;
mod messages;
mod resources;
mod search;
mod streams;
mod tools;
mod words;
mod work;

use std::borrow::Cow;
use std::sync::Arc;

use rmcp::handler::server::ServerHandler;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, ErrorData,
    Implementation, ListResourceTemplatesResult, ListResourcesResult, ListToolsResult,
    PaginatedRequestParams, ProtocolVersion, ReadResourceRequestParams, ReadResourceResponse,
    ServerCapabilities, ServerConfig, Tool as ToolDefinition, ToolAnnotations,
};
use rmcp::service::{RequestContext, RoleServer, ServiceExt};
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use serde_json::Value;

use address::without_index;
pub use messages::{is_of_request, mended, read};
use streams::Streams;
use tools::{TOOLS, Tool};

use super::Server;
use super::http::LARGEST_BODY;
use super::operations::Open;
use super::parameters::Values;
use super::problem::Problem;
use super::shelf::Shelf;
use crate::error::{Error, Result};

/// The versions of the protocol, oldest first.
pub const VERSIONS: [ProtocolVersion; 3] =
    [ProtocolVersion::V_2025_06_18, ProtocolVersion::V_2025_11_25, ProtocolVersion::V_2026_07_28];

/// Answers the messages of clients.
#[derive(Clone)]
pub struct Mcp {
    server: Arc<Server>,
}

/// Serves over the standard streams until the input ends.
///
/// # Errors
/// `Internal` where the streams cannot be used.
pub async fn over_streams(server: Arc<Server>) -> Result<()> {
    let fault = |error: String| Error::Internal { message: error };
    let service = Mcp { server }.serve(Streams::open()).await;
    let service = match service {
        Ok(service) => service,
        // A client that leaves before it has said anything has not been failed.
        Err(rmcp::service::ServerInitializeError::ConnectionClosed(_)) => return Ok(()),
        Err(error) => return Err(fault(error.to_string())),
    };
    service.waiting().await.map(|_| ()).map_err(|error| fault(error.to_string()))
}

/// The service of `/mcp`. Each request stands for itself; `Host` and `Origin` have been checked at the door.
pub fn over_http(server: Arc<Server>) -> StreamableHttpService<Mcp, NeverSessionManager> {
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .disable_allowed_hosts()
        .disable_allowed_origins()
        .with_max_request_body_bytes(LARGEST_BODY);
    let mcp = Mcp { server };
    StreamableHttpService::new(
        move || Ok(mcp.clone()),
        Arc::new(NeverSessionManager::default()),
        config,
    )
}

/// A tool as the protocol lists it. All of them only read, change nothing, and look at nothing but the index.
fn definition(tool: &Tool) -> ToolDefinition {
    let annotations = ToolAnnotations::with_title(tool.title)
        .read_only(true)
        .destructive(false)
        .idempotent(true)
        .open_world(false);
    ToolDefinition::new(tool.name, tool.about, tool.input())
        .with_title(tool.title)
        .with_raw_output_schema(Arc::new(tool.output()))
        .with_annotations(annotations)
}

fn told(answer: std::result::Result<Value, Problem>) -> CallToolResult {
    match answer {
        Ok(value) => CallToolResult::structured(value),
        Err(problem) => CallToolResult::error(vec![ContentBlock::text(problem.text())]),
    }
}

impl ServerHandler for Mcp {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder().enable_tools().enable_resources().build();
        let name = Implementation::new("tipsearch", env!("CARGO_PKG_VERSION"))
            .with_title("tipsearch: full-text search for reports");
        ServerConfig::new(capabilities)
            .with_server_info(name)
            .with_protocol_version(ProtocolVersion::V_2025_11_25)
            .with_instructions(self.instructions())
    }

    fn supported_protocol_versions(&self) -> Cow<'static, [ProtocolVersion]> {
        Cow::Borrowed(&VERSIONS)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> std::result::Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(TOOLS.iter().map(definition).collect()))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> std::result::Result<CallToolResponse, ErrorData> {
        let Some(tool) = Tool::of(&request.name) else {
            let names: Vec<&str> = TOOLS.iter().map(|tool| tool.name).collect();
            let message =
                format!("there is no tool `{}`; there are {}", request.name, names.join(", "));
            return Err(ErrorData::invalid_params(message, None));
        };
        let arguments = request.arguments.unwrap_or_default();
        let values = match Values::of_object(tool.parameters, &arguments) {
            Ok(values) => values,
            Err(problem) => return Ok(told(Err(problem)).into()),
        };
        let open = match self.asked_of(&values) {
            Ok(open) => open,
            Err(problem) => return Ok(told(Err(problem)).into()),
        };
        let answer = self.server.pool.run(move || (tool.run)(&open, &values)).await;
        Ok(told(answer).into())
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> std::result::Result<ListResourcesResult, ErrorData> {
        let opened: Vec<Arc<Open>> = self.server.shelves.iter().map(Shelf::now).collect();
        let cursor = request.and_then(|request| request.cursor);
        self.blocking(move || resources::listed(&opened, cursor.as_deref())).await
    }

    async fn list_resource_templates(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> std::result::Result<ListResourceTemplatesResult, ErrorData> {
        Ok(ListResourceTemplatesResult::with_all_items(resources::templates(
            self.server.shelves.len() > 1,
        )))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _: RequestContext<RoleServer>,
    ) -> std::result::Result<ReadResourceResponse, ErrorData> {
        let named = self.server.called(without_index(&request.uri).1);
        let open = named.map_err(|problem| {
            let data = serde_json::json!({"uri": request.uri});
            ErrorData::resource_not_found(problem.text(), Some(data))
        })?;
        let read = self.blocking(move || resources::read(&open, &request.uri)).await?;
        Ok(read.into())
    }
}

impl Mcp {
    /// What a model is told when it connects.
    fn instructions(&self) -> String {
        let mut text = self.server.shelves[0].instructions().to_string();
        if let [_, others @ ..] = self.server.shelves.as_slice()
            && !others.is_empty()
        {
            let names: Vec<&str> = others.iter().map(|shelf| shelf.name.as_str()).collect();
            text.push_str(&format!("\nOther indexes, by `index`: {}.\n", names.join(", ")));
        }
        text
    }

    /// The index that a call names, by itself or in the address of what it asks for.
    fn asked_of(&self, values: &Values) -> std::result::Result<Arc<Open>, Problem> {
        let in_address = ["id", "doc_id"].map(|name| without_index(values.text(name)).1);
        match in_address.into_iter().flatten().next() {
            Some(name) if !values.has("index") => self.server.called(Some(name)),
            _ => self.server.named(values),
        }
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> std::result::Result<T, ErrorData> + Send + 'static,
    ) -> std::result::Result<T, ErrorData> {
        let done = self.server.pool.run(move || Ok(work())).await;
        done.map_err(|problem| ErrorData::internal_error(problem.text(), None))?
    }
}
