import SluiceTypes

/// Requests that name what their provider holds, with the places of the members, and requests that only seem to.
enum StateNamesCases {
    /// A request of each format with one member more in its root, or in what stands for `…`.
    private static let chatBody = #"{"model":"m","messages":[{"role":"system","content":"s"},…]}"#
    private static let responsesBody = #"{"model":"m","input":[{"role":"user","content":"Hi"},…]}"#
    private static let toolsBody =
        #"{"model":"m","input":"Hi","tools":[{"type":"function","name":"f","parameters":{}},…]}"#
    private static let messagesBody = #"{"model":"m","max_tokens":9,"messages":[{"role":"user","content":[…]}]}"#

    private static func filled(_ body: String, _ part: String) -> String { body.replacing("…", with: part) }

    static let chat: [(String, String)] = [
        (
            filled(
                chatBody,
                #"{"role":"user","content":[{"type":"text","text":"a"},{"type":"file","file":{"file_id":"f"}}]}"#
            ),
            "messages[1].content[1].file.file_id"
        ),
        (
            filled(chatBody, #"{"role":"user","content":[{"type":"file","file_id":"f"}]}"#),
            "messages[1].content[0].file_id"
        ),
        (
            filled(chatBody, #"{"role":"user","content":[{"type":"image_url","image_url":{"file_id":"f"}}]}"#),
            "messages[1].content[0].image_url.file_id"
        ),
        (filled(chatBody, #"{"role":"assistant","audio":{"id":"audio_1"}}"#), "messages[1].audio.id"),
        (#"{"messages":[],"audio":{"format":"wav","voice":{"id":"voice_1"}}}"#, "audio.voice.id"),
        (#"{"messages":[],"extra_body":{"google":{"cached_content":"c"}}}"#, "extra_body.google.cached_content"),
        (#"{"messages":[],"tools":[{"type":"file_search","vector_store_ids":["v"]}]}"#, "tools[0].vector_store_ids"),
    ]

    static let responses: [(String, String)] = [
        (#"{"input":"Hi","conversation":"conv_1"}"#, "conversation"),
        (#"{"input":"Hi","conversation":{"id":"conv_1"}}"#, "conversation"),
        (#"{"input":"Hi","prompt":{"id":"pmpt_1","version":"2"}}"#, "prompt.id"),
        (#"{"input":"Hi","background_options":{"continuation_id":"c"}}"#, "background_options.continuation_id"),
        (
            filled(responsesBody, #"{"role":"user","content":[{"type":"input_file","file_id":"f"}]}"#),
            "input[1].content[0].file_id"
        ),
        (
            filled(
                responsesBody,
                #"{"type":"message","role":"user","content":[{"type":"input_image","file_id":"f"}]}"#
            ),
            "input[1].content[0].file_id"
        ),
        (
            filled(
                responsesBody,
                #"{"type":"function_call_output","call_id":"c","output":[{"type":"input_file","file_id":"f"}]}"#
            ),
            "input[1].output[0].file_id"
        ),
        (
            filled(
                responsesBody,
                #"{"type":"custom_tool_call_output","call_id":"c","output":[{"type":"input_image","file_id":"f"}]}"#
            ),
            "input[1].output[0].file_id"
        ),
        (
            filled(
                responsesBody,
                #"{"type":"computer_call_output","call_id":"c","output":{"type":"computer_screenshot","file_id":"f"}}"#
            ),
            "input[1].output.file_id"
        ),
        (
            filled(responsesBody, #"{"type":"code_interpreter_call","id":"ci_1","container_id":"cntr_1","code":"1"}"#),
            "input[1].container_id"
        ),
        (
            filled(
                responsesBody,
                #"{"type":"shell_call","call_id":"c","environment":{"type":"container_reference","container_id":"cntr_1"}}"#
            ),
            "input[1].environment.container_id"
        ),
        (
            filled(
                responsesBody,
                #"{"type":"additional_tools","tools":[{"type":"mcp","connector_id":"connector_gmail"}]}"#
            ),
            "input[1].tools[0].connector_id"
        ),
        (
            #"{"input":"Hi","prompt_cache_options":{"comparison_response_id":"resp_1"}}"#,
            "prompt_cache_options.comparison_response_id"
        ),
        (filled(toolsBody, #"{"type":"file_search","vector_store_ids":["v"]}"#), "tools[1].vector_store_ids"),
        (filled(toolsBody, #"{"type":"code_interpreter","container":"cntr_1"}"#), "tools[1].container"),
        (
            filled(toolsBody, #"{"type":"code_interpreter","container":{"type":"auto","file_ids":["f"]}}"#),
            "tools[1].container.file_ids"
        ),
        (
            filled(toolsBody, #"{"type":"code_interpreter","container":{"type":"named","id":"c"}}"#),
            "tools[1].container"
        ),
        (
            filled(toolsBody, #"{"type":"mcp","server_label":"x","connector_id":"connector_gmail"}"#),
            "tools[1].connector_id"
        ),
        (filled(toolsBody, #"{"type":"mcp","server_label":"x","tunnel_id":"t"}"#), "tools[1].tunnel_id"),
        (
            filled(toolsBody, #"{"type":"image_generation","input_image_mask":{"file_id":"f"}}"#),
            "tools[1].input_image_mask.file_id"
        ),
        (
            filled(toolsBody, #"{"type":"shell","environment":{"type":"container_reference","container_id":"c"}}"#),
            "tools[1].environment.container_id"
        ),
        (
            filled(toolsBody, #"{"type":"shell","environment":{"type":"container_auto","file_ids":["f"]}}"#),
            "tools[1].environment.file_ids"
        ),
        (
            filled(
                toolsBody,
                #"{"type":"shell","environment":{"type":"container_auto","skills":[{"type":"skill_reference","skill_id":"s"}]}}"#
            ),
            "tools[1].environment.skills[0].skill_id"
        ),
        (filled(toolsBody, #"{"type":"shell","environment":{"type":"borrowed"}}"#), "tools[1].environment"),
        (
            filled(
                toolsBody,
                #"{"type":"namespace","name":"n","tools":[{"type":"file_search","vector_store_ids":["v"]}]}"#
            ),
            "tools[1].tools[0].vector_store_ids"
        ),
    ]

    static let messages: [(String, String)] = [
        (#"{"messages":[],"container":"container_1"}"#, "container"),
        (#"{"messages":[],"container":{"id":"container_1","skills":null}}"#, "container.id"),
        (
            #"{"messages":[],"container":{"skills":[{"type":"anthropic","skill_id":"pdf"},{"type":"custom","skill_id":"s"}]}}"#,
            "container.skills[1].skill_id"
        ),
        (#"{"messages":[],"container":{"volume":"v"}}"#, "container.volume"),
        (#"{"messages":[],"thread":{"type":"continue","previous_message_id":"msg_1"}}"#, "thread.previous_message_id"),
        (#"{"messages":[],"fallback_credit_token":"t"}"#, "fallback_credit_token"),
        (#"{"messages":[],"fallback_credit_token":{"token":"t","mode":"strict"}}"#, "fallback_credit_token"),
        (#"{"messages":[],"user_profile_id":"p"}"#, "user_profile_id"),
        (
            filled(
                messagesBody,
                #"{"type":"text","text":"a"},{"type":"document","source":{"type":"file","file_id":"f"}}"#
            ),
            "messages[0].content[1].source.file_id"
        ),
        (
            filled(messagesBody, #"{"type":"image","source":{"type":"file","file_id":"f"}}"#),
            "messages[0].content[0].source.file_id"
        ),
        (filled(messagesBody, #"{"type":"container_upload","file_id":"f"}"#), "messages[0].content[0].file_id"),
        (
            filled(
                messagesBody,
                #"{"type":"tool_result","tool_use_id":"t","content":[{"type":"image","source":{"type":"file","file_id":"f"}}]}"#
            ),
            "messages[0].content[0].content[0].source.file_id"
        ),
        (
            filled(
                messagesBody,
                #"{"type":"document","source":{"type":"content","content":[{"type":"image","source":{"type":"file","file_id":"f"}}]}}"#
            ),
            "messages[0].content[0].source.content[0].source.file_id"
        ),
        (
            filled(
                messagesBody,
                #"{"type":"web_fetch_tool_result","tool_use_id":"t","content":{"type":"web_fetch_result","url":"u","content":"#
                    + #"{"type":"document","source":{"type":"file","file_id":"f"}}}}"#
            ),
            "messages[0].content[0].content.content.source.file_id"
        ),
    ]

    /// Of each the place of the reference.
    static let references: [(String, String)] = [
        (filled(responsesBody, #"{"type":"item_reference","id":"msg_1"}"#), "input[1].id"),
        (filled(responsesBody, #"{"id":"msg_1"}"#), "input[1].id"),
        (filled(responsesBody, #"{"type":null,"id":"msg_1"}"#), "input[1].id"),
    ]

    /// Of each the place of the item.
    static let others: [(String, String)] = [
        (filled(responsesBody, #"{"type":"image_generation_call","id":"ig_1"}"#), "input[1].id"),
        (filled(responsesBody, #"{"type":"reasoning","id":"rs_1","summary":[]}"#), "input[1].id"),
    ]

    static let lookalikes: [(String, RequestFormat)] = [
        (#"{"messages":[{"role":"user","content":"{\"file_id\":\"f\",\"container\":\"c\"}"}]}"#, .openAIChat),
        (
            #"{"messages":[{"role":"user","content":[{"type":"file","file":{"file_data":"data:,x","filename":"a"}}]}]}"#,
            .openAIChat
        ),
        (
            #"{"messages":[{"role":"assistant","content":null,"audio":null,"tool_calls":[{"id":"call_1","type":"function","#
                + #""function":{"name":"f","arguments":"{\"file_id\":\"f\"}"}}]},"#
                + #"{"role":"tool","tool_call_id":"call_1","content":"{\"file_id\":\"f\"}"}]}"#, .openAIChat
        ),
        (
            #"{"messages":[],"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","#
                + #""properties":{"file_id":{"type":"string"},"container":{"type":"string"}}}}}],"#
                + #""audio":{"voice":"alloy","format":"wav"},"metadata":{"file_id":"f"},"prediction":{"file_id":"f"}}"#,
            .openAIChat
        ),
        (#"{"prompt":"file_id","file_id":"f","container":"c"}"#, .openAICompletion),
        (#"{"input":["file_id"],"conversation":"c"}"#, .openAIEmbedding),
        (#"{"prompt":"x","conversation":"c","metadata":{"file_id":"f"}}"#, .prompt),
        (#"{"input":"file_id","previous_response_id":"resp_1","metadata":{"conversation":"c"}}"#, .openAIResponses),
        (
            #"{"input":[{"role":"user","content":[{"type":"input_file","file_data":"data:,x","filename":"a"},"#
                + #"{"type":"input_image","image_url":"https://h/x.png","file_id":null}]},"#
                + #"{"type":"message","id":"msg_1","role":"assistant","content":[{"type":"output_text","text":"a","annotations":["#
                + #"{"type":"file_citation","file_id":"f"},{"type":"container_file_citation","container_id":"c","file_id":"f"}]}]},"#
                + #"{"type":"function_call","id":"fc_1","call_id":"c","name":"f","arguments":"{\"file_id\":\"f\"}"},"#
                + #"{"type":"function_call_output","call_id":"c","output":"{\"container_id\":\"c\"}"},"#
                + #"{"type":"tool_search_call","arguments":{"file_id":"f","container_id":"c"}},"#
                + #"{"type":"file_search_call","id":"fs_1","queries":[],"results":[{"file_id":"f","text":"a"}]},"#
                + #"{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"x"},"#
                + #"{"type":"reasoning","id":"rs_2","summary":[],"content":[{"type":"reasoning_text","text":"a"}]},"#
                + #"{"type":"image_generation_call","id":"ig_1","result":"x"},"#
                + #"{"type":"shell_call","call_id":"c","environment":{"type":"local","skills":[{"name":"s","path":"p"}]}}]}"#,
            .openAIResponses
        ),
        (
            #"{"input":"Hi","conversation":null,"prompt":null,"tools":[{"type":"function","name":"f","parameters":"#
                + #"{"properties":{"vector_store_ids":{},"container":{}}}},{"type":"code_interpreter","container":{"type":"auto"}},"#
                + #"{"type":"code_interpreter","container":{"type":"auto","file_ids":[],"memory_limit":"4g"}},"#
                + #"{"type":"mcp","server_label":"x","server_url":"https://h","authorization":"t","connector_id":null},"#
                + #"{"type":"computer_use_preview","environment":"browser"},{"type":"image_generation"},"#
                + #"{"type":"shell","environment":{"type":"container_auto","skills":[{"type":"inline","name":"s"}]}},"#
                + #"{"type":"namespace","name":"n","tools":[{"type":"function","name":"g"}]},{"type":"web_search"}]}"#,
            .openAIResponses
        ),
        (
            #"{"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":{"file_id":"f","#
                + #""source":{"file_id":"f"},"content":[{"type":"container_upload","file_id":"f"}]}}]},"#
                + #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"{\"file_id\":\"f\"}"},"#
                + #"{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"x"}},"#
                + #"{"type":"image","source":{"type":"url","url":"https://h"}},{"type":"text","text":"a","citations":[{"file_id":"f"}]},"#
                + #"{"type":"search_result","source":"https://h","title":"a","content":[{"type":"text","text":"a"}]},"#
                + #"{"type":"code_execution_tool_result","tool_use_id":"t","content":{"type":"code_execution_result","content":"#
                + #"[{"type":"code_execution_output","file_id":"f"}]}},{"type":"bash_code_execution_tool_result","tool_use_id":"t","#
                + #""content":{"type":"bash_code_execution_result","content":[{"type":"bash_code_execution_output","file_id":"f"}]}}]}],"#
                + #""tools":[{"name":"f","input_schema":{"properties":{"file_id":{},"container":{}}}}],"metadata":{"user_id":"u"},"#
                + #""mcp_servers":[{"type":"url","url":"https://h","name":"x","authorization_token":"t"}],"thread":{"type":"create"},"#
                + #""diagnostics":{"previous_message_id":"msg_1"},"container":{"skills":[{"type":"anthropic","skill_id":"pdf"}]}}"#,
            .anthropicMessages
        ),
        ("[]", .openAIChat), (#"{"messages":{},"tools":"x"}"#, .openAIChat),
        (#"{"input":7,"tools":{}}"#, .openAIResponses),
    ]
}
