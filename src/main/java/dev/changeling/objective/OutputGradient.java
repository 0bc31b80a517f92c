package dev.changeling.objective;

import dev.changeling.model.Electra;
import dev.changeling.model.MaskedTokenHead;
import dev.changeling.model.OutputLayer;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.GradientHook;
import dev.changeling.tensor.KnownGradient;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The gradient of a sum over the masked positions with respect to what a head's output layer reads, its weights and its
 * bias, gathered from the gradients with respect to the logits of one block of positions after another.
 */
final class OutputGradient {
    private final Engine engine;
    private final OutputLayer output;
    private final Tensor hidden_ME;
    private final Tensor ofHidden_ME;
    private final Tensor ofWeight_VE;
    private final Tensor ofBias_V;

    /**
     * Starts at 0.
     *
     * @param head whose output layer it is
     * @param use of the buffer that holds the gradient of the weights until the backward pass
     * @param hidden_ME what the output layer reads
     */
    OutputGradient(Electra model, MaskedTokenHead head, String use, Tensor hidden_ME) {
        this.engine = model.engine();
        this.output = head.output();
        this.hidden_ME = hidden_ME;
        ofHidden_ME = torch.zeros_like(hidden_ME);
        ofWeight_VE = model.workspace()
                .floats(
                        "gradient of the output weights, " + use,
                        output.weight_VE().shape())
                .zero_();
        ofBias_V = torch.zeros_like(output.bias_V());
    }

    /**
     * Adds what a block has to say; outside of autograd.
     *
     * @param first the block's first position
     * @param ofLogits_RV gradient with respect to the block's logits
     */
    void add(long first, Tensor ofLogits_RV) {
        long rows = ofLogits_RV.size(0);
        engine.addProduct(
                ofHidden_ME.narrow(0, first, rows),
                ofLogits_RV,
                output.weight_VE().detach());
        engine.addProduct(ofWeight_VE, ofLogits_RV.t(), hidden_ME.narrow(0, first, rows));
        ofBias_V.add_(ofLogits_RV.sum(new long[] {0}, false, new ScalarTypeOptional()));
    }

    /** Returns the sum as a scalar through which these gradients flow. */
    Tensor attachTo(Tensor sum) {
        Tensor attached = KnownGradient.attach(sum, hidden_ME, ofHidden_ME);
        GradientHook.listen(attached, factor -> output.addGradients(ofWeight_VE, ofBias_V, factor));
        return attached;
    }
}
